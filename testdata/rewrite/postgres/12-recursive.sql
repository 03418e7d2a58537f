-- title: only the anchor reads a table
WITH RECURSIVE r (id, depth) AS (SELECT u.id, 1 FROM unit u WHERE u.parent_id IS NULL UNION ALL SELECT u.id, r.depth + 1 FROM r JOIN unit u ON u.parent_id = r.id) SELECT id, depth FROM r
----
WITH RECURSIVE  "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1),
r (id, depth) AS (SELECT u.id, 1 FROM (SELECT t."id", t."hsa_id", t."provider_id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" WHERE u.parent_id IS NULL UNION ALL SELECT u.id, r.depth + 1 FROM r JOIN (SELECT t."id", t."hsa_id", t."provider_id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" ON u.parent_id = r.id) SELECT id, depth FROM r
-- argument 1: "SE1"
-- columns: id, depth
-- 1:54-60 public.unit as u: path: a row is included when its public.provider is included (by provider_id)
-- 1:134-140 public.unit as u: path: a row is included when its public.provider is included (by provider_id)

-- title: a self name is the expression
WITH RECURSIVE unit (id) AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM unit WHERE id < 3) SELECT id FROM unit
----
WITH RECURSIVE unit (id) AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM unit WHERE id < 3) SELECT id FROM unit
-- columns: id
