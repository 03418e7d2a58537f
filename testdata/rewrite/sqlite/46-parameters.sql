-- title: by name or number
SELECT id FROM unit WHERE id = :id AND name = :name
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?3)
SELECT id FROM (SELECT t."id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE id = ?1 AND name = ?2
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: in order
SELECT id FROM unit WHERE id = ? AND name = ?
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?3)
SELECT id FROM (SELECT t."id", t."name"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE id = ?1 AND name = ?2
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: numbered with a gap
SELECT id FROM unit WHERE id = ?3
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?4)
SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE id = ?3
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: names and numbers mixed
SELECT id FROM unit WHERE id = ?2 OR id = :id OR id = ?
----
refused UR026 at 1:55-55: bound arguments with and without a name or number are mixed
  hint: use one kind of parameter throughout

-- title: a name of ours
SELECT id FROM unit WHERE hsa_id = :utdrag_p1
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?2)
SELECT id FROM (SELECT t."id", t."hsa_id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "unit" WHERE hsa_id = ?1
-- argument 1: "SE1"
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id)

-- title: with masks that have arguments
SELECT person_no FROM patient WHERE id = ?
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?2),
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
SELECT person_no FROM (SELECT t."id", CAST(CASE WHEN t."person_no" IS NOT NULL THEN (SELECT substr(digest, 1, 64) FROM (SELECT utdrag_hmac(?3, ?4, X'757464726167206d61736b20686173682031000000000000000006706572736f6e74', CASE WHEN typeof(t."person_no") = 'text' THEN CAST(t."person_no" AS BLOB) END) AS digest)) END AS TEXT) COLLATE "BINARY" AS "person_no"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS "patient" WHERE id = ?1
-- argument 1: "SE1"
-- argument 2: of the masking key
-- argument 3: of the masking key
-- columns: person_no
-- 1:23-30 main.patient: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
