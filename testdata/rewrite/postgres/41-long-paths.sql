-- title: three hops are one key set
SELECT m.id FROM measurement m
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
SELECT m.id FROM (SELECT t."id"
  FROM "public"."measurement" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p1 WHERE p1."id" = t."visit_id")
    AND ((t."kind" <> 'test'))) AS "m"
-- argument 1: "SE1"
-- columns: id
-- 1:18-31 public.measurement as m: path: a row is included when its public.visit is included (by visit_id); only where kind <> 'test'

-- title: the same key set serves every reference
SELECT n.id FROM note n JOIN measurement m ON m.visit_id = n.visit_id JOIN note o ON o.id = n.corrects_id
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
SELECT n.id FROM (SELECT t."id", t."visit_id", CASE WHEN t."corrects_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."note" p1 WHERE p1."id" = t."corrects_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p2 WHERE p2."id" = p1."visit_id"))) THEN NULL ELSE t."corrects_id" END AS "corrects_id"
  FROM "public"."note" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p1 WHERE p1."id" = t."visit_id")) AS "n" JOIN (SELECT t."id", t."visit_id"
  FROM "public"."measurement" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p1 WHERE p1."id" = t."visit_id")
    AND ((t."kind" <> 'test'))) AS "m" ON m.visit_id = n.visit_id JOIN (SELECT t."id", t."visit_id", CASE WHEN t."corrects_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."note" p1 WHERE p1."id" = t."corrects_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p2 WHERE p2."id" = p1."visit_id"))) THEN NULL ELSE t."corrects_id" END AS "corrects_id"
  FROM "public"."note" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p1 WHERE p1."id" = t."visit_id")) AS "o" ON o.id = n.corrects_id
-- argument 1: "SE1"
-- columns: id
-- 1:18-24 public.note as n: path: a row is included when its public.visit is included (by visit_id)
-- 1:30-43 public.measurement as m: path: a row is included when its public.visit is included (by visit_id); only where kind <> 'test'
-- 1:76-82 public.note as o: path: a row is included when its public.visit is included (by visit_id)

-- title: through a shared patient
SELECT r.id, p.id FROM referral r JOIN patient p ON p.id = r.patient_id
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
"utdrag_keys_13_patient"("id") AS (SELECT t."id"
  FROM "public"."visit" c
  JOIN "public"."patient" t ON t."id" = c."patient_id"
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" k WHERE k."id" = c."id")
UNION
SELECT t."id"
  FROM "public"."referral" c
  JOIN "public"."patient" t ON t."id" = c."patient_id"
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = c."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id")))
SELECT r.id, p.id FROM (SELECT t."id", t."patient_id"
  FROM "public"."referral" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) AS "r" JOIN (SELECT t."id"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "p" ON p.id = r.patient_id
-- argument 1: "SE1"
-- columns: id, id
-- 1:24-34 public.referral as r: path: a row is included when its public.unit is included (by unit_id)
-- 1:40-49 public.patient as p: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- warning UR041 at 1:24-34: rows of public.referral may reference rows of public.visit that are not the provider's, by referral_visit_id_fkey

-- title: a table that depends on itself
-- map: cyclic
SELECT id FROM unit
----
CREATE TEMPORARY TABLE "provider" ("hsa_id" character varying(20), PRIMARY KEY ("hsa_id"));
INSERT INTO pg_temp."provider" ("hsa_id") VALUES ($1); -- with 1 arguments of its own
CREATE TEMPORARY TABLE "keys_14_provider" ("id" integer, PRIMARY KEY ("id"));
INSERT INTO pg_temp."keys_14_provider" ("id")
SELECT t."id"
  FROM "public"."provider" t
  WHERE EXISTS (SELECT 1 FROM pg_temp."provider" k WHERE t."hsa_id" = k."hsa_id");
SELECT COUNT(*) FROM pg_temp."keys_14_provider";
CREATE TEMPORARY TABLE "keys_18_unit" ("id" integer, PRIMARY KEY ("id"));
CREATE TEMPORARY TABLE "delta_18_unit" ("id" integer, PRIMARY KEY ("id"));
CREATE TEMPORARY TABLE "next_18_unit" ("id" integer, PRIMARY KEY ("id"));
INSERT INTO pg_temp."delta_18_unit" ("id")
SELECT t."id"
  FROM "public"."unit" t
  WHERE EXISTS (SELECT 1 FROM pg_temp."keys_14_provider" p1 WHERE p1."id" = t."provider_id");
INSERT INTO pg_temp."keys_18_unit" ("id")
SELECT "id" FROM pg_temp."delta_18_unit";
SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_temp."delta_18_unit") THEN 1 ELSE 0 END;
-- while that is 1: INSERT INTO pg_temp."next_18_unit" ("id")
SELECT DISTINCT t."id"
  FROM pg_temp."delta_18_unit" d
  JOIN "public"."unit" o ON d."id" = o."id"
  JOIN "public"."unit" t ON o."id" = t."parent_id"
  WHERE NOT EXISTS (SELECT 1 FROM pg_temp."keys_18_unit" k WHERE k."id" = t."id");
-- while that is 1: DELETE FROM pg_temp."delta_18_unit";
-- while that is 1: INSERT INTO pg_temp."delta_18_unit" ("id")
SELECT "id" FROM pg_temp."next_18_unit";
-- while that is 1: DELETE FROM pg_temp."next_18_unit";
-- while that is 1: INSERT INTO pg_temp."keys_18_unit" ("id")
SELECT "id" FROM pg_temp."delta_18_unit";
SELECT id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM pg_temp."keys_18_unit" k WHERE k."id" = t."id")) AS "unit"
DROP TABLE IF EXISTS pg_temp."provider_r" CASCADE; DROP TABLE IF EXISTS pg_temp."provider";
DROP TABLE IF EXISTS pg_temp."keys_14_provider_r" CASCADE; DROP TABLE IF EXISTS pg_temp."keys_14_provider";
DROP TABLE IF EXISTS pg_temp."keys_18_unit_r" CASCADE; DROP TABLE IF EXISTS pg_temp."keys_18_unit";
DROP TABLE IF EXISTS pg_temp."delta_18_unit_r" CASCADE; DROP TABLE IF EXISTS pg_temp."delta_18_unit";
DROP TABLE IF EXISTS pg_temp."next_18_unit_r" CASCADE; DROP TABLE IF EXISTS pg_temp."next_18_unit";
-- columns: id
-- 1:16-20 public.unit: path: a row is included when its public.provider is included (by provider_id), or its public.unit is included (by parent_id)
