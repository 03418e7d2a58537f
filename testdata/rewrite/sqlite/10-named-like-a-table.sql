-- title: bare is the expression, qualified is the table
WITH unit AS (SELECT 1 AS id) SELECT unit.id, t.id FROM unit, main.unit AS t
----
WITH  "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1),
unit AS (SELECT 1 AS id) SELECT unit.id, t.id FROM unit, (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "t"
-- argument 1: "SE1"
-- columns: id, id
-- 1:63-77 main.unit as t: path: a row is included when its main.provider is included (by provider_id)

-- title: its body reads the table of its own name, qualified
WITH unit AS (SELECT id FROM main.unit) SELECT id FROM unit
----
WITH  "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1),
unit AS (SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") SELECT id FROM unit
-- argument 1: "SE1"
-- columns: id
-- 1:30-39 main.unit: path: a row is included when its main.provider is included (by provider_id)
