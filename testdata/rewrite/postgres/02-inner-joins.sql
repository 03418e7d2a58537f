-- title: inner join
SELECT a.id, u.id FROM unit a JOIN unit u ON u.id = a.parent_id
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT a.id, u.id FROM (SELECT t."id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "a" JOIN (SELECT t."id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" ON u.id = a.parent_id
-- argument 1: "SE1"
-- columns: id, id
-- 1:24-30 public.unit as a: path: a row is included when its public.provider is included (by provider_id)
-- 1:36-42 public.unit as u: path: a row is included when its public.provider is included (by provider_id)

-- title: comma join
SELECT u.id, a.name FROM unit u, area a WHERE a.provider_id = u.provider_id
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT u.id, a.name FROM (SELECT t."id", t."provider_id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u", (SELECT t."id", t."provider_id", t."name"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "a" WHERE a.provider_id = u.provider_id
-- argument 1: "SE1"
-- columns: id, name
-- 1:26-32 public.unit as u: path: a row is included when its public.provider is included (by provider_id)
-- 1:34-40 public.area as a: path: a row is included when its public.provider is included (by provider_id)

-- title: joins in parentheses
SELECT u.id FROM area a JOIN (unit u JOIN device d ON d.unit_id = u.id) ON a.provider_id = u.provider_id
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
SELECT u.id FROM (SELECT t."id", t."provider_id"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "a" JOIN ((SELECT t."id", t."provider_id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" JOIN (SELECT t."id", t."unit_id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id", CAST(NULL AS integer) AS "unit_id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_5_device" k WHERE k."id" = t."id")) AS "d" ON d.unit_id = u.id) ON a.provider_id = u.provider_id
-- argument 1: "SE1"
-- columns: id
-- 1:18-24 public.area as a: path: a row is included when its public.provider is included (by provider_id)
-- 1:31-37 public.unit as u: path: a row is included when its public.provider is included (by provider_id)
-- 1:43-51 public.device as d: path: a row is included when its public.unit is included (by unit_id); with nothing but the keys of rows that are named in public.measurement (by device_id)

-- title: several trailing ONs
SELECT u.id FROM area a JOIN unit u JOIN device d ON d.unit_id = u.id ON a.provider_id = u.provider_id
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
SELECT u.id FROM (SELECT t."id", t."provider_id"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "a" JOIN (SELECT t."id", t."provider_id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" JOIN (SELECT t."id", t."unit_id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id", CAST(NULL AS integer) AS "unit_id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_5_device" k WHERE k."id" = t."id")) AS "d" ON d.unit_id = u.id ON a.provider_id = u.provider_id
-- argument 1: "SE1"
-- columns: id
-- 1:18-24 public.area as a: path: a row is included when its public.provider is included (by provider_id)
-- 1:30-36 public.unit as u: path: a row is included when its public.provider is included (by provider_id)
-- 1:42-50 public.device as d: path: a row is included when its public.unit is included (by unit_id); with nothing but the keys of rows that are named in public.measurement (by device_id)

-- title: comma and JOIN mixed
SELECT u.id FROM area a, unit u INNER JOIN device d ON d.unit_id = u.id
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
SELECT u.id FROM (SELECT t."id"
  FROM "public"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "a", (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" INNER JOIN (SELECT t."id", t."unit_id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id", CAST(NULL AS integer) AS "unit_id"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_5_device" k WHERE k."id" = t."id")) AS "d" ON d.unit_id = u.id
-- argument 1: "SE1"
-- columns: id
-- 1:18-24 public.area as a: path: a row is included when its public.provider is included (by provider_id)
-- 1:26-32 public.unit as u: path: a row is included when its public.provider is included (by provider_id)
-- 1:44-52 public.device as d: path: a row is included when its public.unit is included (by unit_id); with nothing but the keys of rows that are named in public.measurement (by device_id)
