-- title: schema, table and column
SELECT public.unit.id FROM public.unit WHERE public.unit.name = 'x'
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT "unit".id FROM (SELECT t."id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE "unit".name = 'x'
-- argument 1: "SE1"
-- columns: id
-- 1:28-39 public.unit: path: a row is included when its public.provider is included (by provider_id)

-- title: a column of the unaliased table, in another case
SELECT UNIT.ID FROM Unit
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT UNIT.ID FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit"
-- argument 1: "SE1"
-- columns: id
-- 1:21-25 public.unit: path: a row is included when its public.provider is included (by provider_id)

-- title: an alias hides the table name
SELECT public.unit.id FROM public.unit u
----
refused UR023 at 1:8-22: public.unit could mean more than one table
  hint: give the table an alias and use that

-- title: the schema tells two tables apart
SELECT public.visit.id, archive.visit.id FROM public.visit, archive.visit
----
refused UR029 at 1:61-74: two tables of one FROM clause are both called visit
  hint: give each table an alias of its own

-- title: names that must be quoted
SELECT "Lab Result"."Prøve [nr]", "Lab Result"."a""b", "order"."select" FROM "Lab Result" JOIN "order" ON "order"."group" = "Lab Result"."Order"
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
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id")))
SELECT "Lab Result"."Prøve [nr]", "Lab Result"."a""b", "order"."select" FROM (SELECT t."Order", CAST(CASE WHEN t."Prøve [nr]" IS NULL THEN NULL ELSE '-' END AS text) AS "Prøve [nr]", t."a""b"
  FROM "public"."Lab Result" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p1 WHERE p1."id" = t."visit id")) AS "Lab Result" JOIN (SELECT t."select", t."group"
  FROM "public"."order" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."group"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) AS "order" ON "order"."group" = "Lab Result"."Order"
-- argument 1: "SE1"
-- columns: Prøve [nr], a"b, select
-- 1:78-90 public.Lab Result: path: a row is included when its public.visit is included (by visit id); masked Prøve [nr]: constant("-")
-- 1:96-103 public.order: path: a row is included when its public.unit is included (by group)

-- title: an alias that must be quoted
SELECT "a "" b".id FROM unit AS "a "" b"
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT "a "" b".id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "a "" b"
-- argument 1: "SE1"
-- columns: id
-- 1:25-41 public.unit as a " b: path: a row is included when its public.provider is included (by provider_id)

-- title: schema and star
SELECT public.unit.* FROM public.unit
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT "unit".* FROM (SELECT t."id", t."hsa_id", t."provider_id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit"
-- argument 1: "SE1"
-- columns: id, hsa_id, provider_id, parent_id, name
-- 1:27-38 public.unit: path: a row is included when its public.provider is included (by provider_id)

-- title: an alias that names the columns anew, by their places
SELECT u.k, u.code FROM unit AS u (k, code)
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT u.k, u.code FROM (SELECT t."id", t."hsa_id", t."provider_id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u"(k, code)
-- argument 1: "SE1"
-- columns: k, code
-- 1:25-44 public.unit as u: path: a row is included when its public.provider is included (by provider_id)
