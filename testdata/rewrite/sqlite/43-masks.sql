-- title: every kind
SELECT p.person_no, p.name, p.phone, s.name, s.email FROM patient p CROSS JOIN staff s
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
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))),
"utdrag_added_16_staff"("id") AS (SELECT DISTINCT t."id"
  FROM "main"."note" o
  JOIN "main"."staff" t ON t."id" = o."author_id"
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = o."visit_id")
    AND CASE WHEN EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id")) THEN 0 ELSE 1 END = 1)
SELECT p.person_no, p.name, p.phone, s.name, s.email FROM (SELECT CAST(CASE WHEN t."person_no" IS NOT NULL THEN (SELECT substr(digest, 1, 64) FROM (SELECT utdrag_hmac(?2, ?3, X'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CASE WHEN typeof(t."person_no") = 'text' THEN CAST(t."person_no" AS BLOB) END) AS digest)) END AS TEXT) COLLATE "BINARY" AS "person_no", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS TEXT) COLLATE "BINARY" AS "name", CAST(NULL AS TEXT) COLLATE "BINARY" AS "phone"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS "p" CROSS JOIN (SELECT CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE 'somebody' END AS TEXT) COLLATE "BINARY" AS "name", CAST(CASE WHEN t."email" IS NULL THEN NULL WHEN length(t."email") <= 4 THEN replace(hex(zeroblob(length(t."email"))), '00', '*') ELSE (substr(t."email", 1, max(1, 0)) || replace(hex(zeroblob((length(t."email") - 4))), '00', '*') || substr(t."email", (length(t."email") - 2), max(3, 0))) END AS TEXT) COLLATE "BINARY" AS "email"
  FROM "main"."staff" AS t
  WHERE (EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id")) OR EXISTS (SELECT 1 FROM "utdrag_added_16_staff" k WHERE k."id" = t."id"))) AS "s"
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: person_no, name, phone, name, email
-- 1:59-68 main.patient as p: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- 1:80-87 main.staff as s: path: a row is included when its main.unit is included (by unit_id); with the rows that are named in main.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)

-- title: WHERE, GROUP and ORDER see masked values only
SELECT p.name, COUNT(*) FROM patient p WHERE p.name = 'Anna' GROUP BY p.name ORDER BY p.name
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
SELECT p.name, COUNT(*) FROM (SELECT CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS TEXT) COLLATE "BINARY" AS "name"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS "p" WHERE p.name = 'Anna' GROUP BY p.name ORDER BY p.name
-- argument 1: "SE1"
-- columns: name, 
-- 1:30-39 main.patient as p: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- warning UR040 at 1:46-52: column name of main.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:71-77: column name of main.patient is masked by redact, and the query sees the masked values
-- warning UR040 at 1:87-93: column name of main.patient is masked by redact, and the query sees the masked values

-- title: a computed column is computed anew from the masked ones
SELECT p.label FROM patient p
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
SELECT p.label FROM (SELECT c."id", c."person_no", c."name", c."phone", c."born", c."label", CAST(('<' || label || '>') AS TEXT) COLLATE "BINARY" AS "tag"
  FROM (SELECT c."id", c."person_no", c."name", c."phone", c."born", CAST((name || ', ' || born) AS TEXT) COLLATE "BINARY" AS "label"
  FROM (SELECT t."id", CAST(CASE WHEN t."person_no" IS NOT NULL THEN (SELECT substr(digest, 1, 64) FROM (SELECT utdrag_hmac(?2, ?3, X'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CASE WHEN typeof(t."person_no") = 'text' THEN CAST(t."person_no" AS BLOB) END) AS digest)) END AS TEXT) COLLATE "BINARY" AS "person_no", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS TEXT) COLLATE "BINARY" AS "name", CAST(NULL AS TEXT) COLLATE "BINARY" AS "phone", t."born"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS c) AS c) AS "p"
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: label
-- 1:21-30 main.patient as p: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: and so is one that is computed from that
SELECT p.tag FROM patient p
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
SELECT p.tag FROM (SELECT c."id", c."person_no", c."name", c."phone", c."born", c."label", CAST(('<' || label || '>') AS TEXT) COLLATE "BINARY" AS "tag"
  FROM (SELECT c."id", c."person_no", c."name", c."phone", c."born", CAST((name || ', ' || born) AS TEXT) COLLATE "BINARY" AS "label"
  FROM (SELECT t."id", CAST(CASE WHEN t."person_no" IS NOT NULL THEN (SELECT substr(digest, 1, 64) FROM (SELECT utdrag_hmac(?2, ?3, X'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CASE WHEN typeof(t."person_no") = 'text' THEN CAST(t."person_no" AS BLOB) END) AS digest)) END AS TEXT) COLLATE "BINARY" AS "person_no", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS TEXT) COLLATE "BINARY" AS "name", CAST(NULL AS TEXT) COLLATE "BINARY" AS "phone", t."born"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS c) AS c) AS "p"
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: tag
-- 1:19-28 main.patient as p: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: no key, no masked column
-- key: none
SELECT p.person_no FROM patient p
----
refused UR027 at 1:25-34: column person_no of main.patient: mask hash("person"): no masking key is given
  hint: give the masking key, or omit the column in the map

-- title: no key is needed for the others
-- key: none
SELECT p.name FROM patient p
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
SELECT p.name FROM (SELECT CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS TEXT) COLLATE "BINARY" AS "name"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS "p"
-- argument 1: "SE1"
-- columns: name
-- 1:20-29 main.patient as p: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: a reference that leads outside is blanked
SELECT n.id, n.corrects_id FROM note n
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
SELECT n.id, n.corrects_id FROM (SELECT t."id", (SELECT t."corrects_id" WHERE CASE WHEN t."corrects_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."note" p1 WHERE p1."id" = t."corrects_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p2 WHERE p2."id" = p1."visit_id"))) THEN 0 ELSE 1 END) AS "corrects_id"
  FROM "main"."note" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = t."visit_id")) AS "n"
-- argument 1: "SE1"
-- columns: id, corrects_id
-- 1:33-39 main.note as n: path: a row is included when its main.visit is included (by visit_id)

-- title: authors come along, and what they reference is blanked
SELECT s.id, s.unit_id FROM staff s
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
"utdrag_added_16_staff"("id") AS (SELECT DISTINCT t."id"
  FROM "main"."note" o
  JOIN "main"."staff" t ON t."id" = o."author_id"
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = o."visit_id")
    AND CASE WHEN EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id")) THEN 0 ELSE 1 END = 1)
SELECT s.id, s.unit_id FROM (SELECT t."id", (SELECT t."unit_id" WHERE CASE WHEN t."unit_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN 0 ELSE 1 END) AS "unit_id"
  FROM "main"."staff" AS t
  WHERE (EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id")) OR EXISTS (SELECT 1 FROM "utdrag_added_16_staff" k WHERE k."id" = t."id"))) AS "s"
-- argument 1: "SE1"
-- columns: id, unit_id
-- 1:29-36 main.staff as s: path: a row is included when its main.unit is included (by unit_id); with the rows that are named in main.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)

-- title: stub rows
SELECT d.id, d.serial FROM device d
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
"utdrag_stubs_4_device"("id") AS (SELECT DISTINCT t."id"
  FROM "main"."measurement" o
  JOIN "main"."device" t ON t."id" = o."device_id"
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = o."visit_id")
    AND ((o."kind" <> 'test'))
    AND CASE WHEN EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id")) THEN 0 ELSE 1 END = 1)
SELECT d.id, d.serial FROM (SELECT t."id", t."serial"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
UNION ALL
SELECT t."id", CAST('-' AS TEXT) COLLATE "BINARY" AS "serial"
  FROM "main"."device" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_stubs_4_device" k WHERE k."id" = t."id")) AS "d"
-- argument 1: "SE1"
-- columns: id, serial
-- 1:28-36 main.device as d: path: a row is included when its main.unit is included (by unit_id); with nothing but the keys of rows that are named in main.measurement (by device_id)

-- title: rows that reference outside are dropped
SELECT b.id FROM booking b
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT b.id FROM (SELECT t."id"
  FROM "main"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "main"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "main"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "b"
-- argument 1: "SE1"
-- columns: id
-- 1:18-27 main.booking as b: path: a row is included when its main.unit is included (by unit_id); left out when staff_id leads outside

-- title: a reference that may lead outside is warned of
SELECT r.visit_id FROM referral r
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT r.visit_id FROM (SELECT t."visit_id"
  FROM "main"."referral" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))) AS "r"
-- argument 1: "SE1"
-- columns: visit_id
-- 1:24-34 main.referral as r: path: a row is included when its main.unit is included (by unit_id)
-- warning UR041 at 1:24-34: rows of main.referral may reference rows of main.visit that are not the provider's, by visit_id

-- title: a mask of a column with a hard name
SELECT "Prøve [nr]" FROM "Lab Result"
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
SELECT "Prøve [nr]" FROM (SELECT CAST(CASE WHEN t."Prøve [nr]" IS NULL THEN NULL ELSE '-' END AS TEXT) COLLATE "BINARY" AS "Prøve [nr]"
  FROM "main"."Lab Result" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = t."visit id")) AS "Lab Result"
-- argument 1: "SE1"
-- columns: Prøve [nr]
-- 1:26-38 main.Lab Result: path: a row is included when its main.visit is included (by visit id); masked Prøve [nr]: constant("-")
