-- title: an expression named like tables of the filter
WITH provider AS (SELECT 1 AS id, 1 AS provider_id, 'SE2' AS hsa_id), area AS (SELECT 1 AS id, 1 AS provider_id) SELECT v.id FROM visit v
----
WITH  "utdrag_keys_13_provider"("id") AS (SELECT t."id"
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
provider AS (SELECT 1 AS id, 1 AS provider_id, 'SE2' AS hsa_id), area AS (SELECT 1 AS id, 1 AS provider_id) SELECT v.id FROM (SELECT t."id"
  FROM "main"."visit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" k WHERE k."id" = t."id")) AS "v"
-- argument 1: "SE1"
-- columns: id
-- 1:131-138 main.visit as v: path: a row is included when its main.unit is included (by unit_id), and its main.area is included (by area_id)

-- title: an expression named like a key set of ours
WITH utdrag_keys_16_provider AS (SELECT 2 AS id) SELECT id FROM unit
----
refused UR009 at 1:6-29: a name of the query begins with utdrag_
  hint: choose another name

-- title: aliases named like those of the filter
SELECT t.id, p1.id FROM unit t JOIN unit p1 ON p1.parent_id = t.id JOIN icd k ON k.code = t.name
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT t.id, p1.id FROM (SELECT t."id", (SELECT t."parent_id" WHERE CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN 0 ELSE 1 END) AS "parent_id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "t" JOIN (SELECT t."id", (SELECT t."parent_id" WHERE CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN 0 ELSE 1 END) AS "parent_id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "p1" ON p1.parent_id = t.id JOIN (SELECT t."code", t."name"
  FROM "main"."icd" AS t) AS "k" ON k.code = t.name
-- argument 1: "SE1"
-- columns: id, id
-- 1:25-31 main.unit as t: path: a row is included when its main.provider is included (by provider_id)
-- 1:37-44 main.unit as p1: path: a row is included when its main.provider is included (by provider_id)
-- 1:73-78 main.icd as k: reference: every row: code system
