-- title: forward reference
WITH a AS (SELECT id FROM b), b AS (SELECT id FROM unit) SELECT id FROM a
----
refused UR022 at 1:27-28: b is a common table expression that is not defined yet
  hint: give each common table expression a name of its own, before its use

-- title: forward reference to a name that is a table too
WITH a AS (SELECT id FROM area), area AS (SELECT 1 AS id) SELECT a.id FROM a, area
----
refused UR022 at 1:27-31: area is a common table expression that is not defined yet
  hint: give each common table expression a name of its own, before its use

-- title: one name in two scopes
WITH w AS (SELECT id FROM unit) SELECT x.id FROM w JOIN (WITH w AS (SELECT id FROM area) SELECT id FROM w) AS x ON x.id = w.id
----
WITH  "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1),
w AS (SELECT id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") SELECT x.id FROM w JOIN (WITH w AS (SELECT id FROM (SELECT t."id"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "area") SELECT id FROM w) AS x ON x.id = w.id
-- argument 1: "SE1"
-- columns: id
-- 1:27-31 public.unit: path: a row is included when its public.provider is included (by provider_id)
-- 1:84-88 public.area: path: a row is included when its public.provider is included (by provider_id)

-- title: defined twice
WITH w AS (SELECT id FROM unit), w AS (SELECT id FROM area) SELECT id FROM w
----
refused UR022 at 1:34-35: w is defined twice
  hint: give each common table expression a name of its own, before its use
