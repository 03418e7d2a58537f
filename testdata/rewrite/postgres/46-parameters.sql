-- title: by name or number
SELECT id FROM unit WHERE id = $1 AND parent_id = $2
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $3)
SELECT id FROM (SELECT t."id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE id = $1 AND parent_id = $2
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 public.unit: path: a row is included when its public.provider is included (by provider_id)

-- title: a name of ours
SELECT id FROM unit WHERE id = $1 OR id = $1
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $2)
SELECT id FROM (SELECT t."id"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE id = $1 OR id = $1
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 public.unit: path: a row is included when its public.provider is included (by provider_id)

-- title: with masks that have arguments
SELECT person_no FROM patient WHERE id = $1
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $2),
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
SELECT person_no FROM (SELECT t."id", CAST(left(encode(sha256(CAST($3 AS bytea) || sha256(CAST($4 AS bytea) || '\x757464726167206d61736b20686173682031000000000000000006706572736f6e74'::bytea || convert_to(CAST(t."person_no" AS text), 'UTF8'))), 'hex'), 64) AS character varying(64)) AS "person_no"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "patient" WHERE id = $1
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: person_no
-- 1:23-30 public.patient: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
