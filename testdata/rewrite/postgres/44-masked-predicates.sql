-- title: a deterministic mask joins
SELECT a.id FROM patient a JOIN patient b ON b.person_no = a.person_no
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
SELECT a.id FROM (SELECT t."id", CAST(left(encode(sha256(CAST($2 AS bytea) || sha256(CAST($3 AS bytea) || '\x757464726167206d61736b20686173682031000000000000000006706572736f6e74'::bytea || convert_to(CAST(t."person_no" AS text), 'UTF8'))), 'hex'), 64) AS character varying(64)) AS "person_no"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "a" JOIN (SELECT t."id", CAST(left(encode(sha256(CAST($2 AS bytea) || sha256(CAST($3 AS bytea) || '\x757464726167206d61736b20686173682031000000000000000006706572736f6e74'::bytea || convert_to(CAST(t."person_no" AS text), 'UTF8'))), 'hex'), 64) AS character varying(64)) AS "person_no"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "b" ON b.person_no = a.person_no
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: id
-- 1:18-27 public.patient as a: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- 1:33-42 public.patient as b: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: a mask that makes different values equal is warned of
SELECT p.id FROM patient p WHERE p.name LIKE 'A%' ORDER BY phone
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
SELECT p.id FROM (SELECT t."id", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS text) AS "name", CAST(NULL AS text) AS "phone"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "p" WHERE p.name LIKE 'A%' ORDER BY phone
-- argument 1: "SE1"
-- columns: id
-- 1:18-27 public.patient as p: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- warning UR040 at 1:34-40: column name of public.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:60-65: column phone of public.patient is masked by null, and the query sees the masked values

-- title: in USING, GROUP BY and a window
SELECT COUNT(*), RANK() OVER (ORDER BY name) FROM patient GROUP BY name
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
SELECT COUNT(*), RANK() OVER (ORDER BY name) FROM (SELECT CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS text) AS "name"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "patient" GROUP BY name
-- argument 1: "SE1"
-- columns: count, rank
-- 1:51-58 public.patient: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- warning UR040 at 1:40-44: column name of public.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:68-72: column name of public.patient is masked by redact, and the query sees the masked values

-- title: shown only: no warning
SELECT p.name FROM patient p
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
SELECT p.name FROM (SELECT CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS text) AS "name"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "p"
-- argument 1: "SE1"
-- columns: name
-- 1:20-29 public.patient as p: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: through a derived table: it is not followed there
SELECT x.name FROM (SELECT name FROM patient) AS x WHERE x.name = 'a'
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
SELECT x.name FROM (SELECT name FROM (SELECT CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS text) AS "name"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "patient") AS x WHERE x.name = 'a'
-- argument 1: "SE1"
-- columns: name
-- 1:38-45 public.patient: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
