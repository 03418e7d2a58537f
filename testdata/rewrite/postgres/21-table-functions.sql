-- title: works on its arguments only
SELECT u.id, g FROM unit u, generate_series(1, 2) AS g
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT u.id, g FROM (SELECT t."id", t."hsa_id", t."provider_id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u", generate_series(1, 2) AS g
-- argument 1: "SE1"
-- columns: id, g
-- 1:21-27 public.unit as u: path: a row is included when its public.provider is included (by provider_id)

-- title: a subquery in its argument
SELECT g FROM generate_series(1, (SELECT COUNT(*) FROM unit)) AS g
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT g FROM generate_series(1, (SELECT COUNT(*) FROM (SELECT t."id", t."hsa_id", t."provider_id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit")) AS g
-- argument 1: "SE1"
-- columns: g
-- 1:56-60 public.unit: path: a row is included when its public.provider is included (by provider_id)

-- title: one that is not on the list
SELECT * FROM visits_of(1)
----
refused UR018 at 1:15-24: table function visits_of is not on the list
  hint: use tables, or a function that works on its arguments only
