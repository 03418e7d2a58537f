-- title: forward reference
WITH a AS (SELECT id FROM b), b AS (SELECT id FROM unit) SELECT id FROM a
----
WITH  "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1),
a AS (SELECT id FROM b), b AS (SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") SELECT id FROM a
-- argument 1: "SE1"
-- columns: id
-- 1:52-56 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: forward reference to a name that is a table too
WITH a AS (SELECT id FROM area), area AS (SELECT 1 AS id) SELECT a.id FROM a, area
----
WITH a AS (SELECT id FROM area), area AS (SELECT 1 AS id) SELECT a.id FROM a, area
-- columns: id

-- title: one name in two scopes
WITH w AS (SELECT id FROM unit) SELECT x.id FROM w JOIN (WITH w AS (SELECT id FROM area) SELECT id FROM w) AS x ON x.id = w.id
----
WITH  "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1),
w AS (SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") SELECT x.id FROM w JOIN (WITH w AS (SELECT id FROM (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "area") SELECT id FROM w) AS x ON x.id = w.id
-- argument 1: "SE1"
-- columns: id
-- 1:27-31 main.unit: path: a row is included when its main.provider is included (by provider_id)
-- 1:84-88 main.area: path: a row is included when its main.provider is included (by provider_id)

-- title: defined twice
WITH w AS (SELECT id FROM unit), w AS (SELECT id FROM area) SELECT id FROM w
----
refused UR022 at 1:34-35: the common table expression w is defined twice
  hint: give each common table expression a name of its own, before its use
