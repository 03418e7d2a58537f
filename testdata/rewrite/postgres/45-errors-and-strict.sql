-- title: an expression that fails on one row only
SELECT 1 / (u.id - 20) FROM unit u
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT 1 / (u.id - 20) FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u"
-- argument 1: "SE1"
-- columns: ?column?
-- 1:29-35 public.unit as u: path: a row is included when its public.provider is included (by provider_id)

-- title: strict: the rows are staged first
-- strict:
SELECT 1 / (u.id - 20) FROM unit u
----
CREATE TEMPORARY TABLE "provider" ("hsa_id" character varying(20), PRIMARY KEY ("hsa_id"));
INSERT INTO pg_temp."provider" ("hsa_id") VALUES ($1); -- with 1 arguments of its own
CREATE TEMPORARY TABLE "keys_14_provider" ("id" integer, PRIMARY KEY ("id"));
INSERT INTO pg_temp."keys_14_provider" ("id")
SELECT t."id"
  FROM "public"."provider" t
  WHERE EXISTS (SELECT 1 FROM pg_temp."provider" k WHERE t."hsa_id" = k."hsa_id");
SELECT COUNT(*) FROM pg_temp."keys_14_provider";
CREATE TEMPORARY TABLE "rows_1" AS SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM pg_temp."keys_14_provider" p1 WHERE p1."id" = t."provider_id") WITH NO DATA;
INSERT INTO pg_temp."rows_1" ("id")
SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM pg_temp."keys_14_provider" p1 WHERE p1."id" = t."provider_id");
SELECT 1 / (u.id - 20) FROM (SELECT t."id" FROM pg_temp."rows_1" AS t) AS "u"
DROP TABLE IF EXISTS pg_temp."provider_r" CASCADE; DROP TABLE IF EXISTS pg_temp."provider";
DROP TABLE IF EXISTS pg_temp."keys_14_provider_r" CASCADE; DROP TABLE IF EXISTS pg_temp."keys_14_provider";
DROP TABLE IF EXISTS pg_temp."rows_1_r" CASCADE; DROP TABLE IF EXISTS pg_temp."rows_1";
-- columns: ?column?
-- 1:29-35 public.unit as u: path: a row is included when its public.provider is included (by provider_id)

-- title: strict: with masks and a self join
-- strict:
SELECT a.name, b.id FROM staff a JOIN staff b ON b.id = a.id
----
CREATE TEMPORARY TABLE "provider" ("hsa_id" character varying(20), PRIMARY KEY ("hsa_id"));
INSERT INTO pg_temp."provider" ("hsa_id") VALUES ($1); -- with 1 arguments of its own
CREATE TEMPORARY TABLE "keys_14_provider" ("id" integer, PRIMARY KEY ("id"));
INSERT INTO pg_temp."keys_14_provider" ("id")
SELECT t."id"
  FROM "public"."provider" t
  WHERE EXISTS (SELECT 1 FROM pg_temp."provider" k WHERE t."hsa_id" = k."hsa_id");
SELECT COUNT(*) FROM pg_temp."keys_14_provider";
CREATE TEMPORARY TABLE "keys_19_visit" ("id" integer, PRIMARY KEY ("id"));
INSERT INTO pg_temp."keys_19_visit" ("id")
SELECT t."id"
  FROM "public"."visit" t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM pg_temp."keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
INTERSECT
SELECT t."id"
  FROM "public"."visit" t
  WHERE EXISTS (SELECT 1 FROM "public"."area" p1 WHERE p1."id" = t."area_id"
    AND EXISTS (SELECT 1 FROM pg_temp."keys_14_provider" p2 WHERE p2."id" = p1."provider_id"));
CREATE TEMPORARY TABLE "added_17_staff" ("id" integer, PRIMARY KEY ("id"));
INSERT INTO pg_temp."added_17_staff" ("id")
SELECT DISTINCT t."id"
  FROM "public"."note" o
  JOIN "public"."staff" t ON t."id" = o."author_id"
  WHERE EXISTS (SELECT 1 FROM pg_temp."keys_19_visit" p1 WHERE p1."id" = o."visit_id")
    AND CASE WHEN EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM pg_temp."keys_14_provider" p2 WHERE p2."id" = p1."provider_id")) THEN 0 ELSE 1 END = 1;
CREATE TEMPORARY TABLE "rows_1" AS SELECT t."id", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE 'somebody' END AS text) AS "name"
  FROM "public"."staff" AS t
  WHERE (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM pg_temp."keys_14_provider" p2 WHERE p2."id" = p1."provider_id")) OR EXISTS (SELECT 1 FROM pg_temp."added_17_staff" k WHERE k."id" = t."id")) WITH NO DATA;
INSERT INTO pg_temp."rows_1" ("id", "name")
SELECT t."id", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE 'somebody' END AS text) AS "name"
  FROM "public"."staff" AS t
  WHERE (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM pg_temp."keys_14_provider" p2 WHERE p2."id" = p1."provider_id")) OR EXISTS (SELECT 1 FROM pg_temp."added_17_staff" k WHERE k."id" = t."id"));
SELECT a.name, b.id FROM (SELECT t."id", t."name" FROM pg_temp."rows_1" AS t) AS "a" JOIN (SELECT t."id", t."name" FROM pg_temp."rows_1" AS t) AS "b" ON b.id = a.id
DROP TABLE IF EXISTS pg_temp."provider_r" CASCADE; DROP TABLE IF EXISTS pg_temp."provider";
DROP TABLE IF EXISTS pg_temp."keys_14_provider_r" CASCADE; DROP TABLE IF EXISTS pg_temp."keys_14_provider";
DROP TABLE IF EXISTS pg_temp."keys_19_visit_r" CASCADE; DROP TABLE IF EXISTS pg_temp."keys_19_visit";
DROP TABLE IF EXISTS pg_temp."added_17_staff_r" CASCADE; DROP TABLE IF EXISTS pg_temp."added_17_staff";
DROP TABLE IF EXISTS pg_temp."rows_1_r" CASCADE; DROP TABLE IF EXISTS pg_temp."rows_1";
-- columns: name, id
-- 1:26-33 public.staff as a: path: a row is included when its public.unit is included (by unit_id); with the rows that are named in public.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)
-- 1:39-46 public.staff as b: path: a row is included when its public.unit is included (by unit_id); with the rows that are named in public.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)
