-- title: ranking, aggregates and DISTINCT
SELECT DISTINCT b.unit_id, RANK() OVER (PARTITION BY b.unit_id ORDER BY b.id), COUNT(*) OVER () FROM booking b
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT DISTINCT b.unit_id, RANK() OVER (PARTITION BY b.unit_id ORDER BY b.id), COUNT(*) OVER () FROM (SELECT t."id", t."unit_id"
  FROM "public"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "b"
-- argument 1: "SE1"
-- columns: unit_id, rank, count
-- 1:102-111 public.booking as b: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside

-- title: the first rows
SELECT id FROM booking ORDER BY id LIMIT 2
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT id FROM (SELECT t."id"
  FROM "public"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "booking" ORDER BY id LIMIT 2
-- argument 1: "SE1"
-- columns: id
-- 1:16-23 public.booking: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside

-- title: rows after the first ones
SELECT id FROM booking ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT id FROM (SELECT t."id"
  FROM "public"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "booking" ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY
-- argument 1: "SE1"
-- columns: id
-- 1:16-23 public.booking: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside

-- title: aggregates with HAVING
SELECT unit_id, COUNT(*), MIN(id) FROM booking GROUP BY unit_id HAVING COUNT(*) > 1
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT unit_id, COUNT(*), MIN(id) FROM (SELECT t."id", t."unit_id"
  FROM "public"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "booking" GROUP BY unit_id HAVING COUNT(*) > 1
-- argument 1: "SE1"
-- columns: unit_id, count, min
-- 1:40-47 public.booking: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside
