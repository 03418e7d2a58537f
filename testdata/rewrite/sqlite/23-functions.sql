-- title: one that the map allows
SELECT age_years(p.born) FROM patient p
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
"utdrag_keys_12_patient"("id") AS (SELECT t."id"
  FROM "main"."visit" c
  JOIN "main"."patient" t ON t."id" = c."patient_id"
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" k WHERE k."id" = c."id")
UNION
SELECT t."id"
  FROM "main"."referral" c
  JOIN "main"."patient" t ON t."id" = c."patient_id"
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = c."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id")))
SELECT age_years(p.born) FROM (SELECT t."born"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS "p"
-- argument 1: "SE1"
-- columns: 
-- 1:31-40 main.patient as p: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: one that nobody allows
SELECT patient_count()
----
refused UR020 at 1:8-21: function patient_count is not on the list
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it

-- title: one that has an effect
SELECT load_extension('x')
----
refused UR020 at 1:8-22: the function load_extension reaches outside the query
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it

-- title: its own functions
SELECT upper(name), coalesce(name, '-'), round(1.5), strftime('%Y', 'now') FROM unit
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT upper(name), coalesce(name, '-'), round(1.5), strftime('%Y', 'now') FROM (SELECT t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit"
-- argument 1: "SE1"
-- columns: , , , 
-- 1:81-85 main.unit: path: a row is included when its main.provider is included (by provider_id)
