-- title: one that the map allows
SELECT age_years(p.born) FROM patient p
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
SELECT "public"."age_years"(p.born) FROM (SELECT t."born"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "p"
-- argument 1: "SE1"
-- columns: age_years
-- 1:31-40 public.patient as p: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: one that the map allows, with its schema
SELECT public.age_years(p.born) FROM patient p
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
SELECT public.age_years(p.born) FROM (SELECT t."born"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "p"
-- argument 1: "SE1"
-- columns: age_years
-- 1:38-47 public.patient as p: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: one that nobody allows
SELECT patient_count()
----
refused UR020 at 1:8-21: function patient_count is not on the list
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it

-- title: one of another schema
SELECT archive.age_years(p.born) FROM patient p
----
refused UR020 at 1:8-25: function archive.age_years is not on the list
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it

-- title: one that has an effect
SELECT pg_terminate_backend(1)
----
refused UR020 at 1:8-28: pg_terminate_backend is one of the server's own workings
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it

-- title: its own functions
SELECT upper(name), coalesce(name, '-'), round(1.5), extract(year FROM now()) FROM unit
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT upper(name), coalesce(name, '-'), round(1.5), extract(year FROM now()) FROM (SELECT t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit"
-- argument 1: "SE1"
-- columns: upper, coalesce, round, extract
-- 1:84-88 public.unit: path: a row is included when its public.provider is included (by provider_id)
