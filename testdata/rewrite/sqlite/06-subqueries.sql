-- title: in the SELECT list, CASE and a function argument
SELECT (SELECT MAX(a.id) FROM area a), CASE WHEN EXISTS (SELECT 1 FROM area) THEN COALESCE((SELECT MIN(id) FROM device), 0) END FROM icd
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
SELECT (SELECT MAX(a.id) FROM (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "a"), CASE WHEN EXISTS (SELECT 1 FROM (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "area") THEN COALESCE((SELECT MIN(id) FROM (SELECT t."id"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_4_device" k WHERE k."id" = t."id")) AS "device"), 0) END FROM (SELECT t."code"
  FROM "main"."icd" AS t) AS "icd"
-- argument 1: "SE1"
-- columns: , 
-- 1:31-37 main.area as a: path: a row is included when its main.provider is included (by provider_id)
-- 1:72-76 main.area: path: a row is included when its main.provider is included (by provider_id)
-- 1:113-119 main.device: path: a row is included when its main.unit is included (by unit_id); with nothing but the keys of rows that are named in main.measurement (by device_id)
-- 1:134-137 main.icd: reference: every row: code system

-- title: in WHERE: IN, left of IN, BETWEEN, ALL and ANY
SELECT code FROM icd WHERE code IN (SELECT name FROM unit) OR (SELECT MAX(id) FROM area) IN (1, 2) OR 1 BETWEEN (SELECT MIN(id) FROM unit) AND (SELECT MAX(id) FROM unit)
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT code FROM (SELECT t."code", t."name"
  FROM "main"."icd" AS t) AS "icd" WHERE code IN (SELECT name FROM (SELECT t."id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") OR (SELECT MAX(id) FROM (SELECT t."id", t."name"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "area") IN (1, 2) OR 1 BETWEEN (SELECT MIN(id) FROM (SELECT t."id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") AND (SELECT MAX(id) FROM (SELECT t."id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit")
-- argument 1: "SE1"
-- columns: code
-- 1:18-21 main.icd: reference: every row: code system
-- 1:54-58 main.unit: path: a row is included when its main.provider is included (by provider_id)
-- 1:84-88 main.area: path: a row is included when its main.provider is included (by provider_id)
-- 1:134-138 main.unit: path: a row is included when its main.provider is included (by provider_id)
-- 1:165-169 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: in HAVING, GROUP BY and ORDER BY
SELECT COUNT(*) FROM icd GROUP BY code HAVING COUNT(*) > (SELECT COUNT(*) FROM unit) ORDER BY (SELECT COUNT(*) FROM area)
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT COUNT(*) FROM (SELECT t."code"
  FROM "main"."icd" AS t) AS "icd" GROUP BY code HAVING COUNT(*) > (SELECT COUNT(*) FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") ORDER BY (SELECT COUNT(*) FROM (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "area")
-- argument 1: "SE1"
-- columns: 
-- 1:22-25 main.icd: reference: every row: code system
-- 1:80-84 main.unit: path: a row is included when its main.provider is included (by provider_id)
-- 1:117-121 main.area: path: a row is included when its main.provider is included (by provider_id)

-- title: in GROUP BY
SELECT COUNT(*) FROM icd i GROUP BY (SELECT u.name FROM unit u WHERE u.name = i.name)
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT COUNT(*) FROM (SELECT t."name"
  FROM "main"."icd" AS t) AS "i" GROUP BY (SELECT u.name FROM (SELECT t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" WHERE u.name = i.name)
-- argument 1: "SE1"
-- columns: 
-- 1:22-27 main.icd as i: reference: every row: code system
-- 1:57-63 main.unit as u: path: a row is included when its main.provider is included (by provider_id)

-- title: in ON
SELECT i.code FROM icd i JOIN interpreter p ON p.id IN (SELECT id FROM unit)
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT i.code FROM (SELECT t."code"
  FROM "main"."icd" AS t) AS "i" JOIN (SELECT t."id"
  FROM "main"."interpreter" AS t) AS "p" ON p.id IN (SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit")
-- argument 1: "SE1"
-- columns: code
-- 1:20-25 main.icd as i: reference: every row: code system
-- 1:31-44 main.interpreter as p: reference: every row: called in by everyone; masked phone: null
-- 1:72-76 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: in LIMIT, TOP or OFFSET
SELECT code FROM icd ORDER BY code LIMIT (SELECT COUNT(*) FROM unit) OFFSET (SELECT COUNT(*) FROM area)
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT code FROM (SELECT t."code"
  FROM "main"."icd" AS t) AS "icd" ORDER BY code LIMIT (SELECT COUNT(*) FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") OFFSET (SELECT COUNT(*) FROM (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "area")
-- argument 1: "SE1"
-- columns: code
-- 1:18-21 main.icd: reference: every row: code system
-- 1:64-68 main.unit: path: a row is included when its main.provider is included (by provider_id)
-- 1:99-103 main.area: path: a row is included when its main.provider is included (by provider_id)

-- title: in a window
SELECT code, SUM(1) OVER (PARTITION BY (SELECT COUNT(*) FROM unit) ORDER BY code) FROM icd
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT code, SUM(1) OVER (PARTITION BY (SELECT COUNT(*) FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit") ORDER BY code) FROM (SELECT t."code"
  FROM "main"."icd" AS t) AS "icd"
-- argument 1: "SE1"
-- columns: code, 
-- 1:62-66 main.unit: path: a row is included when its main.provider is included (by provider_id)
-- 1:88-91 main.icd: reference: every row: code system
