-- title: works on its arguments only
SELECT u.id, j.value FROM unit u, json_each('[1,2]') j
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT u.id, j.value FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u", json_each('[1,2]') j
-- argument 1: "SE1"
-- columns: id, value
-- 1:27-33 main.unit as u: path: a row is included when its main.provider is included (by provider_id)

-- title: a subquery in its argument
SELECT j.value FROM json_each((SELECT name FROM unit LIMIT 1)) j WHERE 1 = 0
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT j.value FROM json_each((SELECT name FROM (SELECT t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" LIMIT 1)) j WHERE 1 = 0
-- argument 1: "SE1"
-- columns: value
-- 1:49-53 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: one that is not on the list
SELECT * FROM visits_of(1)
----
refused UR018 at 1:15-24: the table function visits_of is not on the list
  hint: use tables, or a function that works on its arguments only
