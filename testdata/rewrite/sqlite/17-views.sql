-- title: expanded, its tables confined
SELECT id, patient FROM seen
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
"utdrag_view_1"("id", "reason", "person_no", "patient") AS (SELECT v.id, v.reason, p.person_no, p.name AS patient FROM (SELECT t."id", t."patient_id", t."reason"
  FROM "main"."visit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" k WHERE k."id" = t."id")) AS "v" JOIN (SELECT t."id", CAST(CASE WHEN t."person_no" IS NOT NULL THEN (SELECT substr(digest, 1, 64) FROM (SELECT utdrag_hmac(?2, ?3, X'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CASE WHEN typeof(t."person_no") = 'text' THEN CAST(t."person_no" AS BLOB) END) AS digest)) END AS TEXT) COLLATE "BINARY" AS "person_no", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS TEXT) COLLATE "BINARY" AS "name"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS "p" ON p.id = v.patient_id)
SELECT id, patient FROM (SELECT "id", "reason", "person_no", "patient" FROM "utdrag_view_1") AS "seen"
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: id, patient
-- 1:25-29 main.seen: view: the tables of its SELECT are confined
-- 1:25-29 main.visit as v through main.seen: path: a row is included when its main.unit is included (by unit_id), and its main.area is included (by area_id)
-- 1:25-29 main.patient as p through main.seen: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: a view of a view, twice
SELECT l.unit, l.visits, k.visits FROM unit_load l JOIN unit_load k ON k.unit = l.unit
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
"utdrag_view_1"("id", "reason", "person_no", "patient") AS (SELECT v.id, v.reason, p.person_no, p.name AS patient FROM (SELECT t."id", t."patient_id", t."reason"
  FROM "main"."visit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" k WHERE k."id" = t."id")) AS "v" JOIN (SELECT t."id", CAST(CASE WHEN t."person_no" IS NOT NULL THEN (SELECT substr(digest, 1, 64) FROM (SELECT utdrag_hmac(?2, ?3, X'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CASE WHEN typeof(t."person_no") = 'text' THEN CAST(t."person_no" AS BLOB) END) AS digest)) END AS TEXT) COLLATE "BINARY" AS "person_no", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS TEXT) COLLATE "BINARY" AS "name"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS "p" ON p.id = v.patient_id),
"utdrag_view_2"("unit", "visits") AS (SELECT u.name, COUNT(s.id) FROM (SELECT t."id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" LEFT JOIN (SELECT t."id", t."unit_id"
  FROM "main"."visit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" k WHERE k."id" = t."id")) AS "v" ON v.unit_id = u.id LEFT JOIN (SELECT "id", "reason", "person_no", "patient" FROM "utdrag_view_1") AS "s" ON s.id = v.id GROUP BY u.id, u.name)
SELECT l.unit, l.visits, k.visits FROM (SELECT "unit", "visits" FROM "utdrag_view_2") AS "l" JOIN (SELECT "unit", "visits" FROM "utdrag_view_2") AS "k" ON k.unit = l.unit
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: unit, visits, visits
-- 1:40-51 main.unit_load as l: view: the tables of its SELECT are confined
-- 1:40-51 main.unit as u through main.unit_load: path: a row is included when its main.provider is included (by provider_id)
-- 1:40-51 main.visit as v through main.unit_load: path: a row is included when its main.unit is included (by unit_id), and its main.area is included (by area_id)
-- 1:40-51 main.seen as s through main.unit_load: view: the tables of its SELECT are confined
-- 1:40-51 main.visit as v through main.unit_load, main.seen: path: a row is included when its main.unit is included (by unit_id), and its main.area is included (by area_id)
-- 1:40-51 main.patient as p through main.unit_load, main.seen: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- 1:57-68 main.unit_load as k: view: the tables of its SELECT are confined

-- title: one that the map allows
SELECT code FROM open_code
----
SELECT code FROM (SELECT t."code" FROM "main"."open_code" AS t) AS "open_code"
-- columns: code
-- 1:18-27 main.open_code: allowed: as it is: codes in use, the same for everyone

-- title: one that reads what the map leaves out
SELECT line FROM log_line
----
refused UR015 at 1:18-26: view main.log_line can't be expanded: the map leaves main.log out: operational log
  hint: write its SELECT into the query, or declare the view in an allowed block of the map if what it shows is for everyone

-- title: named with its schema, and its columns with the view
SELECT main.seen.reason FROM main.seen
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
"utdrag_view_1"("id", "reason", "person_no", "patient") AS (SELECT v.id, v.reason, p.person_no, p.name AS patient FROM (SELECT t."id", t."patient_id", t."reason"
  FROM "main"."visit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" k WHERE k."id" = t."id")) AS "v" JOIN (SELECT t."id", CAST(CASE WHEN t."person_no" IS NOT NULL THEN (SELECT substr(digest, 1, 64) FROM (SELECT utdrag_hmac(?2, ?3, X'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CASE WHEN typeof(t."person_no") = 'text' THEN CAST(t."person_no" AS BLOB) END) AS digest)) END AS TEXT) COLLATE "BINARY" AS "person_no", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS TEXT) COLLATE "BINARY" AS "name"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS "p" ON p.id = v.patient_id)
SELECT "seen".reason FROM (SELECT "id", "reason", "person_no", "patient" FROM "utdrag_view_1") AS "seen"
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: reason
-- 1:30-39 main.seen: view: the tables of its SELECT are confined
-- 1:30-39 main.visit as v through main.seen: path: a row is included when its main.unit is included (by unit_id), and its main.area is included (by area_id)
-- 1:30-39 main.patient as p through main.seen: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: every column of one, under an alias
SELECT s.* FROM seen s WHERE s.patient = 'x'
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
"utdrag_view_1"("id", "reason", "person_no", "patient") AS (SELECT v.id, v.reason, p.person_no, p.name AS patient FROM (SELECT t."id", t."patient_id", t."reason"
  FROM "main"."visit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" k WHERE k."id" = t."id")) AS "v" JOIN (SELECT t."id", CAST(CASE WHEN t."person_no" IS NOT NULL THEN (SELECT substr(digest, 1, 64) FROM (SELECT utdrag_hmac(?2, ?3, X'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CASE WHEN typeof(t."person_no") = 'text' THEN CAST(t."person_no" AS BLOB) END) AS digest)) END AS TEXT) COLLATE "BINARY" AS "person_no", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS TEXT) COLLATE "BINARY" AS "name"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS "p" ON p.id = v.patient_id)
SELECT s.* FROM (SELECT "id", "reason", "person_no", "patient" FROM "utdrag_view_1") AS "s" WHERE s.patient = 'x'
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: id, reason, person_no, patient
-- 1:17-23 main.seen as s: view: the tables of its SELECT are confined
-- 1:17-23 main.visit as v through main.seen: path: a row is included when its main.unit is included (by unit_id), and its main.area is included (by area_id)
-- 1:17-23 main.patient as p through main.seen: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: one with a masked column that needs a key, and none is given
-- key: none
SELECT reason FROM seen
----
refused UR027 at 1:20-24: view main.seen: column person_no of main.patient: mask hash("person"): no masking key is given
  hint: give the masking key, or omit the column in the map
