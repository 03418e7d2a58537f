-- title: everything, without what is omitted
SELECT * FROM patient
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
SELECT * FROM (SELECT c."id", c."person_no", c."name", c."phone", c."born", c."label", CAST(('<' || label || '>') AS TEXT) COLLATE "BINARY" AS "tag"
  FROM (SELECT c."id", c."person_no", c."name", c."phone", c."born", CAST((name || ', ' || born) AS TEXT) COLLATE "BINARY" AS "label"
  FROM (SELECT t."id", CAST(CASE WHEN t."person_no" IS NOT NULL THEN (SELECT substr(digest, 1, 64) FROM (SELECT utdrag_hmac(?2, ?3, X'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CASE WHEN typeof(t."person_no") = 'text' THEN CAST(t."person_no" AS BLOB) END) AS digest)) END AS TEXT) COLLATE "BINARY" AS "person_no", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE '***' END AS TEXT) COLLATE "BINARY" AS "name", CAST(NULL AS TEXT) COLLATE "BINARY" AS "phone", t."born"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS c) AS c) AS "patient"
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: id, person_no, name, phone, born, label, tag
-- 1:15-22 main.patient: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null

-- title: everything of one of two
SELECT b.*, u.id FROM booking b JOIN unit u ON u.id = b.unit_id
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT b.*, u.id FROM (SELECT t."id", t."unit_id", t."staff_id"
  FROM "main"."booking" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
    AND ((t."staff_id" IS NULL) OR EXISTS (SELECT 1 FROM "main"."staff" p1 WHERE p1."id" = t."staff_id"
    AND EXISTS (SELECT 1 FROM "main"."unit" p2 WHERE p2."id" = p1."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p3 WHERE p3."id" = p2."provider_id"))))) AS "b" JOIN (SELECT t."id", t."hsa_id", t."provider_id", (SELECT t."parent_id" WHERE CASE WHEN t."parent_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."parent_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))) THEN 0 ELSE 1 END) AS "parent_id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u" ON u.id = b.unit_id
-- argument 1: "SE1"
-- columns: id, unit_id, staff_id, id
-- 1:23-32 main.booking as b: path: a row is included when its main.unit is included (by unit_id); left out when staff_id leads outside
-- 1:38-44 main.unit as u: path: a row is included when its main.provider is included (by provider_id)

-- title: a column that the map omits
SELECT p.address FROM patient p
----
refused UR032 at 1:8-17: main.patient has no column address that the query may see
  hint: check the name against the catalog and the map

-- title: count of everything
SELECT COUNT(*) FROM patient
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
SELECT COUNT(*) FROM (SELECT t."id"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS "patient"
-- argument 1: "SE1"
-- columns: 
-- 1:22-29 main.patient: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
