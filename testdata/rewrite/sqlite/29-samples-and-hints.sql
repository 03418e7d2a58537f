-- title: INDEXED BY stays with the table
SELECT m.id FROM measurement AS m INDEXED BY measurement_kind WHERE m.kind = 'pulse'
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1),
"utdrag_keys_18_visit"("id") AS (SELECT t."id"
  FROM "main"."visit" t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
INTERSECT
SELECT t."id"
  FROM "main"."visit" t
  WHERE EXISTS (SELECT 1 FROM "main"."area" p1 WHERE p1."id" = t."area_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id")))
SELECT m.id FROM (SELECT t."id", t."kind"
  FROM "main"."measurement" AS t INDEXED BY measurement_kind
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = t."visit_id")
    AND ((t."kind" <> 'test'))) AS "m" WHERE m.kind = 'pulse'
-- argument 1: "SE1"
-- columns: id
-- 1:18-62 main.measurement as m: path: a row is included when its main.visit is included (by visit_id); only where kind <> 'test'

-- title: NOT INDEXED stays with the table
SELECT id FROM measurement NOT INDEXED WHERE kind = 'pulse'
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1),
"utdrag_keys_18_visit"("id") AS (SELECT t."id"
  FROM "main"."visit" t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
INTERSECT
SELECT t."id"
  FROM "main"."visit" t
  WHERE EXISTS (SELECT 1 FROM "main"."area" p1 WHERE p1."id" = t."area_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id")))
SELECT id FROM (SELECT t."id", t."kind"
  FROM "main"."measurement" AS t NOT INDEXED
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = t."visit_id")
    AND ((t."kind" <> 'test'))) AS "measurement" WHERE kind = 'pulse'
-- argument 1: "SE1"
-- columns: id
-- 1:16-39 main.measurement: path: a row is included when its main.visit is included (by visit_id); only where kind <> 'test'
