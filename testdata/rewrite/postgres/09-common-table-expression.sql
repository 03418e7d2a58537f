-- title: the body is confined, the reference is not
WITH w AS (SELECT id FROM unit) SELECT w.id FROM w JOIN w AS v ON v.id = w.id
----
WITH  "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1),
w AS (SELECT id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") SELECT w.id FROM w JOIN w AS v ON v.id = w.id
-- argument 1: "SE1"
-- columns: id
-- 1:27-31 public.unit: path: a row is included when its public.provider is included (by provider_id)

-- title: a second one reads the first
WITH w AS (SELECT id FROM unit), v (k) AS (SELECT w.id FROM w, area a) SELECT k FROM v
----
WITH  "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1),
w AS (SELECT id FROM (SELECT t."id", t."hsa_id", t."provider_id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit"), v (k) AS (SELECT w.id FROM w, (SELECT t."id", t."provider_id", t."name"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "a") SELECT k FROM v
-- argument 1: "SE1"
-- columns: k
-- 1:27-31 public.unit: path: a row is included when its public.provider is included (by provider_id)
-- 1:64-70 public.area as a: path: a row is included when its public.provider is included (by provider_id)

-- title: one inside a subquery
SELECT id FROM (WITH w AS (SELECT id FROM unit) SELECT id FROM w) AS x
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT id FROM (WITH w AS (SELECT id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") SELECT id FROM w) AS x
-- argument 1: "SE1"
-- columns: id
-- 1:43-47 public.unit: path: a row is included when its public.provider is included (by provider_id)
