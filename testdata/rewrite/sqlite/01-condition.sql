-- title: OR in the condition
SELECT u.id FROM unit u WHERE u.id = 1 OR 1 = 1
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT u.id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" WHERE u.id = 1 OR 1 = 1
-- argument 1: "SE1"
-- columns: id
-- 1:18-24 main.unit as u: path: a row is included when its main.provider is included (by provider_id)

-- title: NOT and precedence
SELECT id FROM unit WHERE NOT id > 0 AND 1 = 0 OR NOT (name = 'x')
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT id FROM (SELECT t."id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE NOT id > 0 AND 1 = 0 OR NOT (name = 'x')
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: a comment that would end a filter written after it
SELECT id FROM unit -- or any
WHERE id = 1 -- and none
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE id = 1
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)
