-- title: every branch
SELECT id FROM unit UNION SELECT id FROM area UNION ALL SELECT id FROM device ORDER BY 1
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
SELECT id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" UNION SELECT id FROM (SELECT t."id"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "area" UNION ALL SELECT id FROM (SELECT t."id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_5_device" k WHERE k."id" = t."id")) AS "device" ORDER BY 1
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 public.unit: path: a row is included when its public.provider is included (by provider_id)
-- 1:42-46 public.area: path: a row is included when its public.provider is included (by provider_id)
-- 1:72-78 public.device: path: a row is included when its public.unit is included (by unit_id); with nothing but the keys of rows that are named in public.measurement (by device_id)

-- title: EXCEPT and INTERSECT
SELECT id FROM unit EXCEPT SELECT id FROM area INTERSECT SELECT id FROM device
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
SELECT id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" EXCEPT SELECT id FROM (SELECT t."id"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "area" INTERSECT SELECT id FROM (SELECT t."id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_5_device" k WHERE k."id" = t."id")) AS "device"
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 public.unit: path: a row is included when its public.provider is included (by provider_id)
-- 1:43-47 public.area: path: a row is included when its public.provider is included (by provider_id)
-- 1:73-79 public.device: path: a row is included when its public.unit is included (by unit_id); with nothing but the keys of rows that are named in public.measurement (by device_id)

-- title: branches in parentheses
(SELECT id FROM unit) UNION ALL (SELECT id FROM area) ORDER BY 1
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
(SELECT id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") UNION ALL (SELECT id FROM (SELECT t."id"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "area") ORDER BY 1
-- argument 1: "SE1"
-- columns: id
-- 1:17-21 public.unit: path: a row is included when its public.provider is included (by provider_id)
-- 1:49-53 public.area: path: a row is included when its public.provider is included (by provider_id)

-- title: in a subquery
SELECT code FROM icd WHERE name IN (SELECT name FROM unit UNION SELECT name FROM area)
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT code FROM (SELECT t."code", t."name"
  FROM "public"."icd" AS t) AS "icd" WHERE name IN (SELECT name FROM (SELECT t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" UNION SELECT name FROM (SELECT t."name"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "area")
-- argument 1: "SE1"
-- columns: code
-- 1:18-21 public.icd: reference: every row: code system
-- 1:54-58 public.unit: path: a row is included when its public.provider is included (by provider_id)
-- 1:82-86 public.area: path: a row is included when its public.provider is included (by provider_id)
