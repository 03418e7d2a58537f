-- title: the query says it itself, and of another provider
SELECT id FROM unit WHERE provider_id = 2
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT id FROM (SELECT t."id", t."provider_id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE provider_id = 2
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: the query says it itself over the provider
SELECT p.name FROM provider p WHERE p.hsa_id = 'SE2'
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT p.name FROM (SELECT t."hsa_id", t."name"
  FROM "main"."provider" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" k WHERE k."id" = t."id")) AS "p" WHERE p.hsa_id = 'SE2'
-- argument 1: "SE1"
-- columns: name
-- 1:20-30 main.provider as p: anchor: the ordered care provider's own row
