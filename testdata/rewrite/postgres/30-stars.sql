-- title: everything, without what is omitted
SELECT * FROM patient
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
SELECT * FROM (SELECT c."id", c."person_no", c."name", c."phone", c."born", CAST((((name || ', '::text) || phone)) AS text) AS "label"
  FROM (SELECT t."id", CAST(left(encode(sha256(CAST($2 AS bytea) || sha256(CAST($3 AS bytea) || '\x757464726167206d61736b20686173682031000000000000000006706572736f6e74'::bytea || convert_to(CAST(t."person_no" AS text), 'UTF8'))), 'hex'), 64) AS character varying(64)) AS "person_no", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS text) AS "name", CAST(NULL AS text) AS "phone", t."born"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS c) AS "patient"
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: id, person_no, name, phone, born, label
-- 1:15-22 public.patient: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: everything of one of two
SELECT b.*, u.id FROM booking b JOIN unit u ON u.id = b.unit_id
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT b.*, u.id FROM (SELECT t."id", t."unit_id", t."staff_id"
  FROM "public"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "b" JOIN (SELECT t."id", t."hsa_id", t."provider_id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" ON u.id = b.unit_id
-- argument 1: "SE1"
-- columns: id, unit_id, staff_id, id
-- 1:23-32 public.booking as b: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside
-- 1:38-44 public.unit as u: path: a row is included when its public.provider is included (by provider_id)

-- title: a column that the map omits
SELECT p.address FROM patient p
----
refused UR032 at 1:8-17: public.patient has no column address that the query may see
  hint: check the name against the catalog and the map

-- title: count of everything
SELECT COUNT(*) FROM patient
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
SELECT COUNT(*) FROM (SELECT t."id"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "patient"
-- argument 1: "SE1"
-- columns: count
-- 1:22-29 public.patient: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: a whole row
SELECT u FROM unit u
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT u FROM (SELECT t."id", t."hsa_id", t."provider_id", CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."parent_id" END AS "parent_id", t."name"
  FROM "public"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p1 WHERE p1."id" = t."provider_id")) AS "u"
-- argument 1: "SE1"
-- columns: u
-- 1:15-21 public.unit as u: path: a row is included when its public.provider is included (by provider_id)

-- title: TABLE
TABLE patient
----
refused UR006 at 1:1-6: TABLE as a query is not read here; write SELECT * FROM
  hint: write the query without it
