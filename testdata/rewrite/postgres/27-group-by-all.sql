-- title: GROUP BY ALL of grouping sets
SELECT unit_id, COUNT(*) FROM booking GROUP BY ALL ROLLUP (unit_id), ROLLUP (staff_id)
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT unit_id, COUNT(*) FROM (SELECT t."unit_id", t."staff_id"
  FROM "public"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "booking" GROUP BY ALL ROLLUP (unit_id), ROLLUP (staff_id)
-- argument 1: "SE1"
-- columns: unit_id, count
-- 1:31-38 public.booking: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside
