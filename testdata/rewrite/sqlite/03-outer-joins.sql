-- title: left join
SELECT u.id, d.id FROM unit u LEFT JOIN device d ON d.unit_id = u.id
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
SELECT u.id, d.id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" LEFT JOIN (SELECT t."id", t."unit_id"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id", CAST(NULL AS INTEGER) COLLATE "BINARY" AS "unit_id"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_4_device" k WHERE k."id" = t."id")) AS "d" ON d.unit_id = u.id
-- argument 1: "SE1"
-- columns: id, id
-- 1:24-30 main.unit as u: path: a row is included when its main.provider is included (by provider_id)
-- 1:41-49 main.device as d: path: a row is included when its main.unit is included (by unit_id); with nothing but the keys of rows that are named in main.measurement (by device_id)

-- title: right join
SELECT i.code, u.id FROM icd i RIGHT OUTER JOIN unit u ON u.name = i.name
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT i.code, u.id FROM (SELECT t."code", t."name"
  FROM "main"."icd" AS t) AS "i" RIGHT OUTER JOIN (SELECT t."id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" ON u.name = i.name
-- argument 1: "SE1"
-- columns: code, id
-- 1:26-31 main.icd as i: reference: every row: code system
-- 1:49-55 main.unit as u: path: a row is included when its main.provider is included (by provider_id)

-- title: full join
SELECT u.id, a.id FROM unit u FULL JOIN area a ON a.id = u.id
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT u.id, a.id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" FULL JOIN (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "a" ON a.id = u.id
-- argument 1: "SE1"
-- columns: id, id
-- 1:24-30 main.unit as u: path: a row is included when its main.provider is included (by provider_id)
-- 1:41-47 main.area as a: path: a row is included when its main.provider is included (by provider_id)

-- title: a chain of left, right and inner joins
SELECT u.id, a.id, b.id FROM unit u LEFT JOIN area a ON a.id = u.id RIGHT JOIN booking b ON b.unit_id = u.id INNER JOIN icd i ON i.code = u.name
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT u.id, a.id, b.id FROM (SELECT t."id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" LEFT JOIN (SELECT t."id", t."name"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "a" ON a.id = u.id RIGHT JOIN (SELECT t."id", t."unit_id"
  FROM "main"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "main"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "main"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "b" ON b.unit_id = u.id INNER JOIN (SELECT t."code", t."name"
  FROM "main"."icd" AS t) AS "i" ON i.code = u.name
-- argument 1: "SE1"
-- columns: id, id, id
-- 1:30-36 main.unit as u: path: a row is included when its main.provider is included (by provider_id)
-- 1:47-53 main.area as a: path: a row is included when its main.provider is included (by provider_id)
-- 1:80-89 main.booking as b: path: a row is included when its main.unit is included (by unit_id); left out when staff_id leads outside
-- 1:121-126 main.icd as i: reference: every row: code system

-- title: anti-join
SELECT u.id FROM unit u LEFT JOIN area a ON a.id = u.id WHERE a.id IS NULL
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT u.id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" LEFT JOIN (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "a" ON a.id = u.id WHERE a.id IS NULL
-- argument 1: "SE1"
-- columns: id
-- 1:18-24 main.unit as u: path: a row is included when its main.provider is included (by provider_id)
-- 1:35-41 main.area as a: path: a row is included when its main.provider is included (by provider_id)
