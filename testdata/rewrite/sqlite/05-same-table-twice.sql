-- title: self join
SELECT a.id, b.id FROM unit a JOIN unit b ON b.parent_id = a.id
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT a.id, b.id FROM (SELECT t."id", (SELECT t."parent_id" WHERE CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN 0 ELSE 1 END) AS "parent_id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "a" JOIN (SELECT t."id", (SELECT t."parent_id" WHERE CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN 0 ELSE 1 END) AS "parent_id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "b" ON b.parent_id = a.id
-- argument 1: "SE1"
-- columns: id, id
-- 1:24-30 main.unit as a: path: a row is included when its main.provider is included (by provider_id)
-- 1:36-42 main.unit as b: path: a row is included when its main.provider is included (by provider_id)

-- title: the same alias in an inner block
SELECT u.id FROM unit u WHERE EXISTS (SELECT 1 FROM area u WHERE u.id = 1)
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT u.id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" WHERE EXISTS (SELECT 1 FROM (SELECT t."id"
  FROM "main"."area" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" WHERE u.id = 1)
-- argument 1: "SE1"
-- columns: id
-- 1:18-24 main.unit as u: path: a row is included when its main.provider is included (by provider_id)
-- 1:53-59 main.area as u: path: a row is included when its main.provider is included (by provider_id)

-- title: the same table inside and outside, without aliases
SELECT id FROM unit WHERE parent_id IN (SELECT id FROM unit)
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT id FROM (SELECT t."id", (SELECT t."parent_id" WHERE CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN 0 ELSE 1 END) AS "parent_id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE parent_id IN (SELECT id FROM (SELECT t."id", (SELECT t."parent_id" WHERE CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN 0 ELSE 1 END) AS "parent_id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit")
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)
-- 1:56-60 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: two tables under one name
SELECT unit.id FROM unit, area unit
----
refused UR029 at 1:27-36: two tables of one FROM clause are both called unit
  hint: give each table an alias of its own
