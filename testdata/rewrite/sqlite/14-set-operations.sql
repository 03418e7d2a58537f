-- title: every branch
SELECT id FROM unit UNION SELECT id FROM area UNION ALL SELECT id FROM device ORDER BY 1
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
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))),
"utdrag_stubs_4_device"("id") AS (SELECT DISTINCT t."id"
  FROM "main"."measurement" o
  JOIN "main"."device" t ON t."id" = o."device_id"
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = o."visit_id")
    AND ((o."kind" <> 'test'))
    AND CASE WHEN EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id")) THEN 0 ELSE 1 END = 1)
SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" UNION SELECT id FROM (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "area" UNION ALL SELECT id FROM (SELECT t."id"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_4_device" k WHERE k."id" = t."id")) AS "device" ORDER BY 1
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)
-- 1:42-46 main.area: path: a row is included when its main.provider is included (by provider_id)
-- 1:72-78 main.device: path: a row is included when its main.unit is included (by unit_id); with nothing but the keys of rows that are named in main.measurement (by device_id)

-- title: EXCEPT and INTERSECT
SELECT id FROM unit EXCEPT SELECT id FROM area INTERSECT SELECT id FROM device
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
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))),
"utdrag_stubs_4_device"("id") AS (SELECT DISTINCT t."id"
  FROM "main"."measurement" o
  JOIN "main"."device" t ON t."id" = o."device_id"
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = o."visit_id")
    AND ((o."kind" <> 'test'))
    AND CASE WHEN EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id")) THEN 0 ELSE 1 END = 1)
SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" EXCEPT SELECT id FROM (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "area" INTERSECT SELECT id FROM (SELECT t."id"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_4_device" k WHERE k."id" = t."id")) AS "device"
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)
-- 1:43-47 main.area: path: a row is included when its main.provider is included (by provider_id)
-- 1:73-79 main.device: path: a row is included when its main.unit is included (by unit_id); with nothing but the keys of rows that are named in main.measurement (by device_id)

-- title: branches in parentheses
(SELECT id FROM unit) UNION ALL (SELECT id FROM area) ORDER BY 1
----
refused UR005 at 1:1-1: only a SELECT is read
  hint: write a SELECT

-- title: in a subquery
SELECT code FROM icd WHERE name IN (SELECT name FROM unit UNION SELECT name FROM area)
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT code FROM (SELECT t."code", t."name"
  FROM "main"."icd" AS t) AS "icd" WHERE name IN (SELECT name FROM (SELECT t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" UNION SELECT name FROM (SELECT t."name"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "area")
-- argument 1: "SE1"
-- columns: code
-- 1:18-21 main.icd: reference: every row: code system
-- 1:54-58 main.unit: path: a row is included when its main.provider is included (by provider_id)
-- 1:82-86 main.area: path: a row is included when its main.provider is included (by provider_id)
