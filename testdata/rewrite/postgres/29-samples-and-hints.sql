-- title: TABLESAMPLE stays with the table
SELECT b.id FROM booking AS b TABLESAMPLE BERNOULLI (10) REPEATABLE (1)
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT b.id FROM (SELECT t."id"
  FROM "public"."booking" AS t TABLESAMPLE BERNOULLI (10) REPEATABLE (1)
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "b"
-- argument 1: "SE1"
-- columns: id
-- 1:18-72 public.booking as b: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside

-- title: FOR UPDATE
SELECT id FROM booking FOR UPDATE
----
refused UR008 at 1:24-27: a locking clause
  hint: leave INTO and the locking clause out
