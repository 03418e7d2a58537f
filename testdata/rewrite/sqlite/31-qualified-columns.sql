-- title: schema, table and column
SELECT main.unit.id FROM main.unit WHERE main.unit.name = 'x'
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT "unit".id FROM (SELECT t."id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE "unit".name = 'x'
-- argument 1: "SE1"
-- columns: id
-- 1:26-35 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: a column of the unaliased table, in another case
SELECT UNIT.ID FROM Unit
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT UNIT.ID FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "Unit"
-- argument 1: "SE1"
-- columns: ID
-- 1:21-25 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: an alias hides the table name
SELECT main.unit.id FROM main.unit u
----
refused UR023 at 1:8-20: main.unit could mean more than one table
  hint: give the table an alias and use that

-- title: names that must be quoted
SELECT "Lab Result"."Prøve [nr]", "Lab Result"."a""b", "order"."select" FROM "Lab Result" JOIN "order" ON "order"."group" = "Lab Result"."Order"
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
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id")))
SELECT "Lab Result"."Prøve [nr]", "Lab Result"."a""b", "order"."select" FROM (SELECT t."Order", CAST(CASE WHEN t."Prøve [nr]" IS NULL THEN NULL ELSE '-' END AS TEXT) COLLATE "BINARY" AS "Prøve [nr]", t."a""b"
  FROM "main"."Lab Result" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = t."visit id")) AS "Lab Result" JOIN (SELECT t."select", t."group"
  FROM "main"."order" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."group"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))) AS "order" ON "order"."group" = "Lab Result"."Order"
-- argument 1: "SE1"
-- columns: Prøve [nr], a"b, select
-- 1:78-90 main.Lab Result: path: a row is included when its main.visit is included (by visit id); masked Prøve [nr]: constant("-")
-- 1:96-103 main.order: path: a row is included when its main.unit is included (by group)

-- title: an alias that must be quoted
SELECT "a "" b".id FROM unit AS "a "" b"
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT "a "" b".id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "a "" b"
-- argument 1: "SE1"
-- columns: id
-- 1:25-41 main.unit as a " b: path: a row is included when its main.provider is included (by provider_id)

-- title: schema and star
SELECT main.unit.* FROM main.unit
----
refused UR003 at 1:18-19: the query can't be read at *
  hint: check the query against the dialect of the database
