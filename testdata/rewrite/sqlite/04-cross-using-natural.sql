-- title: cross join
SELECT u.id, a.id FROM unit u CROSS JOIN area a
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT u.id, a.id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" CROSS JOIN (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "a"
-- argument 1: "SE1"
-- columns: id, id
-- 1:24-30 main.unit as u: path: a row is included when its main.provider is included (by provider_id)
-- 1:42-48 main.area as a: path: a row is included when its main.provider is included (by provider_id)

-- title: using
SELECT id, u.name FROM unit u JOIN area a USING (id)
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT id, u.name FROM (SELECT t."id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" JOIN (SELECT t."id", t."name"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "a" USING (id)
-- argument 1: "SE1"
-- columns: id, name
-- 1:24-30 main.unit as u: path: a row is included when its main.provider is included (by provider_id)
-- 1:36-42 main.area as a: path: a row is included when its main.provider is included (by provider_id)

-- title: natural join sees every column of the map and none that it omits
SELECT unit_id FROM booking NATURAL JOIN device
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
SELECT unit_id FROM (SELECT t."id", t."unit_id", t."staff_id"
  FROM "main"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "main"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "main"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "booking" NATURAL JOIN (SELECT t."id", t."serial", t."unit_id"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id", CAST('-' AS TEXT) COLLATE "BINARY" AS "serial", CAST(NULL AS INTEGER) COLLATE "BINARY" AS "unit_id"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_4_device" k WHERE k."id" = t."id")) AS "device"
-- argument 1: "SE1"
-- columns: unit_id
-- 1:21-28 main.booking: path: a row is included when its main.unit is included (by unit_id); left out when staff_id leads outside
-- 1:42-48 main.device: path: a row is included when its main.unit is included (by unit_id); with nothing but the keys of rows that are named in main.measurement (by device_id)
