-- title: the body is confined, the reference is not
WITH w AS (SELECT id FROM unit) SELECT w.id FROM w JOIN w AS v ON v.id = w.id
----
WITH  "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1),
w AS (SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") SELECT w.id FROM w JOIN w AS v ON v.id = w.id
-- argument 1: "SE1"
-- columns: id
-- 1:27-31 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: a second one reads the first
WITH w AS (SELECT id FROM unit), v (k) AS (SELECT w.id FROM w, area a) SELECT k FROM v
----
WITH  "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1),
w AS (SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit"), v (k) AS (SELECT w.id FROM w, (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "a") SELECT k FROM v
-- argument 1: "SE1"
-- columns: k
-- 1:27-31 main.unit: path: a row is included when its main.provider is included (by provider_id)
-- 1:64-70 main.area as a: path: a row is included when its main.provider is included (by provider_id)

-- title: one inside a subquery
SELECT id FROM (WITH w AS (SELECT id FROM unit) SELECT id FROM w) AS x
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT id FROM (WITH w AS (SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") SELECT id FROM w) AS x
-- argument 1: "SE1"
-- columns: id
-- 1:43-47 main.unit: path: a row is included when its main.provider is included (by provider_id)
