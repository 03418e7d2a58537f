-- title: another database
SELECT id FROM other.visit
----
refused UR012 at 1:16-27: visit is of another database, other
  hint: name tables of this database

-- title: this database, named
SELECT id FROM main.unit
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit"
-- argument 1: "SE1"
-- columns: id
-- 1:16-25 main.unit: path: a row is included when its main.provider is included (by provider_id)
