-- title: cross join
SELECT u.id, a.id FROM unit u CROSS JOIN area a
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT u.id, a.id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" CROSS JOIN (SELECT t."id"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "a"
-- argument 1: "SE1"
-- columns: id, id
-- 1:24-30 public.unit as u: path: a row is included when its public.provider is included (by provider_id)
-- 1:42-48 public.area as a: path: a row is included when its public.provider is included (by provider_id)

-- title: using
SELECT id, u.name FROM unit u JOIN area a USING (id)
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT id, u.name FROM (SELECT t."id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" JOIN (SELECT t."id", t."name"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "a" USING (id)
-- argument 1: "SE1"
-- columns: id, name
-- 1:24-30 public.unit as u: path: a row is included when its public.provider is included (by provider_id)
-- 1:36-42 public.area as a: path: a row is included when its public.provider is included (by provider_id)

-- title: natural join sees every column of the map and none that it omits
SELECT unit_id FROM booking NATURAL JOIN device
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1),
"utdrag_keys_19_visit"("id") AS (SELECT t."id"
  FROM "public"."visit" t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
INTERSECT
SELECT t."id"
  FROM "public"."visit" t
  WHERE EXISTS (SELECT 1 FROM "public"."area" p1 WHERE p1."id" = t."area_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))),
"utdrag_stubs_5_device"("id") AS (SELECT DISTINCT t."id"
  FROM "public"."measurement" o
  JOIN "public"."device" t ON t."id" = o."device_id"
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p1 WHERE p1."id" = o."visit_id")
    AND ((o."kind" <> 'test'))
    AND CASE WHEN EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id")) THEN 0 ELSE 1 END = 1)
SELECT unit_id FROM (SELECT t."id", t."unit_id", t."staff_id"
  FROM "public"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "booking" NATURAL JOIN (SELECT t."id", t."serial", t."unit_id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id", CAST('-' AS text) AS "serial", CAST(NULL AS integer) AS "unit_id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_5_device" k WHERE k."id" = t."id")) AS "device"
-- argument 1: "SE1"
-- columns: unit_id
-- 1:21-28 public.booking: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside
-- 1:42-48 public.device: path: a row is included when its public.unit is included (by unit_id); with nothing but the keys of rows that are named in public.measurement (by device_id)
