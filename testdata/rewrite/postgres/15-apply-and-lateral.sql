-- title: LATERAL
SELECT u.id, b.id FROM unit u, LATERAL (SELECT b.id FROM booking b WHERE b.unit_id = u.id) AS b
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT u.id, b.id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u", LATERAL (SELECT b.id FROM (SELECT t."id", t."unit_id"
  FROM "public"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "b" WHERE b.unit_id = u.id) AS b
-- argument 1: "SE1"
-- columns: id, id
-- 1:24-30 public.unit as u: path: a row is included when its public.provider is included (by provider_id)
-- 1:58-67 public.booking as b: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside

-- title: LEFT JOIN LATERAL
SELECT u.id, b.n FROM unit u LEFT JOIN LATERAL (SELECT COUNT(*) AS n FROM booking WHERE unit_id = u.id) AS b ON TRUE
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT u.id, b.n FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" LEFT JOIN LATERAL (SELECT COUNT(*) AS n FROM (SELECT t."id", t."unit_id"
  FROM "public"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "booking" WHERE unit_id = u.id) AS b ON TRUE
-- argument 1: "SE1"
-- columns: id, n
-- 1:23-29 public.unit as u: path: a row is included when its public.provider is included (by provider_id)
-- 1:75-82 public.booking: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside
