-- title: every kind
SELECT p.person_no, p.name, p.phone, s.name, s.email FROM patient p CROSS JOIN staff s
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
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))),
"utdrag_added_17_staff"("id") AS (SELECT DISTINCT t."id"
  FROM "public"."note" o
  JOIN "public"."staff" t ON t."id" = o."author_id"
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p1 WHERE p1."id" = o."visit_id")
    AND CASE WHEN EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id")) THEN 0 ELSE 1 END = 1)
SELECT p.person_no, p.name, p.phone, s.name, s.email FROM (SELECT CAST(left(encode(sha256(CAST($2 AS bytea) || sha256(CAST($3 AS bytea) || '\x757464726167206d61736b20686173682031000000000000000006706572736f6e74'::bytea || convert_to(CAST(t."person_no" AS text), 'UTF8'))), 'hex'), 64) AS character varying(64)) AS "person_no", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS text) AS "name", CAST(NULL AS text) AS "phone"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "p" CROSS JOIN (SELECT CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE 'somebody' END AS text) AS "name", CAST(CASE WHEN t."email" IS NULL THEN NULL WHEN char_length(t."email") <= 4 THEN repeat('*', char_length(t."email")) ELSE (substr(t."email", 1, 1) || repeat('*', (char_length(t."email") - 4)) || substr(t."email", (char_length(t."email") - 2), 3)) END AS text) AS "email"
  FROM "public"."staff" AS t
  WHERE (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id")) OR EXISTS (SELECT 1 FROM "utdrag_added_17_staff" k WHERE k."id" = t."id"))) AS "s"
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: person_no, name, phone, name, email
-- 1:59-68 public.patient as p: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- 1:80-87 public.staff as s: path: a row is included when its public.unit is included (by unit_id); with the rows that are named in public.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)

-- title: WHERE, GROUP and ORDER see masked values only
SELECT p.name, COUNT(*) FROM patient p WHERE p.name = 'Anna' GROUP BY p.name ORDER BY p.name
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
SELECT p.name, COUNT(*) FROM (SELECT CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS text) AS "name"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS "p" WHERE p.name = 'Anna' GROUP BY p.name ORDER BY p.name
-- argument 1: "SE1"
-- columns: name, count
-- 1:30-39 public.patient as p: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- warning UR040 at 1:46-52: column name of public.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:71-77: column name of public.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:87-93: column name of public.patient is masked by redact, and the query sees the masked values

-- title: a computed column is computed anew from the masked ones
SELECT p.label FROM patient p
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
SELECT p.label FROM (SELECT c."id", c."person_no", c."name", c."phone", c."born", CAST((((name || ', '::text) || phone)) AS text) AS "label"
  FROM (SELECT t."id", CAST(left(encode(sha256(CAST($2 AS bytea) || sha256(CAST($3 AS bytea) || '\x757464726167206d61736b20686173682031000000000000000006706572736f6e74'::bytea || convert_to(CAST(t."person_no" AS text), 'UTF8'))), 'hex'), 64) AS character varying(64)) AS "person_no", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS text) AS "name", CAST(NULL AS text) AS "phone", t."born"
  FROM "public"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_patient" k WHERE k."id" = t."id")) AS c) AS "p"
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: label
-- 1:21-30 public.patient as p: path: a row is included when an included public.visit names it (by patient_id), or an included public.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: no key, no masked column
-- key: none
SELECT p.person_no FROM patient p
----
refused UR027 at 1:25-34: column person_no of public.patient: mask hash("person"): no masking key is given
  hint: give the masking key, or omit the column in the map

-- title: no key is needed for the others
-- key: none
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

-- title: a reference that leads outside is blanked
SELECT n.id, n.corrects_id FROM note n
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
SELECT n.id, n.corrects_id FROM (SELECT t."id", CASE WHEN t."corrects_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."note" p1 WHERE p1."id" = t."corrects_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p2 WHERE p2."id" = p1."visit_id"))) THEN NULL ELSE t."corrects_id" END AS "corrects_id"
  FROM "public"."note" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p1 WHERE p1."id" = t."visit_id")) AS "n"
-- argument 1: "SE1"
-- columns: id, corrects_id
-- 1:33-39 public.note as n: path: a row is included when its public.visit is included (by visit_id)

-- title: authors come along, and what they reference is blanked
SELECT s.id, s.unit_id FROM staff s
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
"utdrag_added_17_staff"("id") AS (SELECT DISTINCT t."id"
  FROM "public"."note" o
  JOIN "public"."staff" t ON t."id" = o."author_id"
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p1 WHERE p1."id" = o."visit_id")
    AND CASE WHEN EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id")) THEN 0 ELSE 1 END = 1)
SELECT s.id, s.unit_id FROM (SELECT t."id", CASE WHEN t."unit_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN NULL ELSE t."unit_id" END AS "unit_id"
  FROM "public"."staff" AS t
  WHERE (EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id")) OR EXISTS (SELECT 1 FROM "utdrag_added_17_staff" k WHERE k."id" = t."id"))) AS "s"
-- argument 1: "SE1"
-- columns: id, unit_id
-- 1:29-36 public.staff as s: path: a row is included when its public.unit is included (by unit_id); with the rows that are named in public.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)

-- title: stub rows
SELECT d.id, d.serial FROM device d
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
"utdrag_stubs_5_device"("id") AS (SELECT DISTINCT t."id"
  FROM "public"."measurement" o
  JOIN "public"."device" t ON t."id" = o."device_id"
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p1 WHERE p1."id" = o."visit_id")
    AND ((o."kind" <> 'test'))
    AND CASE WHEN EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id")) THEN 0 ELSE 1 END = 1)
SELECT d.id, d.serial FROM (SELECT t."id", t."serial"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id", CAST('-' AS text) AS "serial"
  FROM "public"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_5_device" k WHERE k."id" = t."id")) AS "d"
-- argument 1: "SE1"
-- columns: id, serial
-- 1:28-36 public.device as d: path: a row is included when its public.unit is included (by unit_id); with nothing but the keys of rows that are named in public.measurement (by device_id)

-- title: rows that reference outside are dropped
SELECT b.id FROM booking b
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT b.id FROM (SELECT t."id"
  FROM "public"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "public"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "public"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "b"
-- argument 1: "SE1"
-- columns: id
-- 1:18-27 public.booking as b: path: a row is included when its public.unit is included (by unit_id); left out when staff_id leads outside

-- title: a reference that may lead outside is warned of
SELECT r.visit_id FROM referral r
----
WITH "utdrag_keys_14_provider"("id") AS (SELECT t."id"
  FROM "public"."provider" t
  WHERE t."hsa_id" = $1)
SELECT r.visit_id FROM (SELECT t."visit_id"
  FROM "public"."referral" AS t
  WHERE EXISTS (SELECT 1 FROM "public"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_14_provider" p2 WHERE p2."id" = p1."provider_id"))) AS "r"
-- argument 1: "SE1"
-- columns: visit_id
-- 1:24-34 public.referral as r: path: a row is included when its public.unit is included (by unit_id)
-- warning UR041 at 1:24-34: rows of public.referral may reference rows of public.visit that are not the provider's, by referral_visit_id_fkey

-- title: a mask of a column with a hard name
SELECT "Prøve [nr]" FROM "Lab Result"
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
SELECT "Prøve [nr]" FROM (SELECT CAST(CASE WHEN t."Prøve [nr]" IS NULL THEN NULL ELSE '-' END AS text) AS "Prøve [nr]"
  FROM "public"."Lab Result" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_19_visit" p1 WHERE p1."id" = t."visit id")) AS "Lab Result"
-- argument 1: "SE1"
-- columns: Prøve [nr]
-- 1:26-38 public.Lab Result: path: a row is included when its public.visit is included (by visit id); masked Prøve [nr]: constant("-")
