-- title: three hops are one key set
SELECT m.id FROM measurement m
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
SELECT m.id FROM (SELECT t."id"
  FROM "main"."measurement" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = t."visit_id")
    AND ((t."kind" <> 'test'))) AS "m"
-- argument 1: "SE1"
-- columns: id
-- 1:18-31 main.measurement as m: path: a row is included when its main.visit is included (by visit_id); only where kind <> 'test'

-- title: the same key set serves every reference
SELECT n.id FROM note n JOIN measurement m ON m.visit_id = n.visit_id JOIN note o ON o.id = n.corrects_id
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
SELECT n.id FROM (SELECT t."id", t."visit_id", (SELECT t."corrects_id" WHERE CASE WHEN t."corrects_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."note" p1 WHERE p1."id" = t."corrects_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p2 WHERE p2."id" = p1."visit_id"))) THEN 0 ELSE 1 END) AS "corrects_id"
  FROM "main"."note" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = t."visit_id")) AS "n" JOIN (SELECT t."id", t."visit_id"
  FROM "main"."measurement" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = t."visit_id")
    AND ((t."kind" <> 'test'))) AS "m" ON m.visit_id = n.visit_id JOIN (SELECT t."id", t."visit_id", (SELECT t."corrects_id" WHERE CASE WHEN t."corrects_id" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."note" p1 WHERE p1."id" = t."corrects_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p2 WHERE p2."id" = p1."visit_id"))) THEN 0 ELSE 1 END) AS "corrects_id"
  FROM "main"."note" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_18_visit" p1 WHERE p1."id" = t."visit_id")) AS "o" ON o.id = n.corrects_id
-- argument 1: "SE1"
-- columns: id
-- 1:18-24 main.note as n: path: a row is included when its main.visit is included (by visit_id)
-- 1:30-43 main.measurement as m: path: a row is included when its main.visit is included (by visit_id); only where kind <> 'test'
-- 1:76-82 main.note as o: path: a row is included when its main.visit is included (by visit_id)

-- title: through a shared patient
SELECT r.id, p.id FROM referral r JOIN patient p ON p.id = r.patient_id
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
SELECT r.id, p.id FROM (SELECT t."id", t."patient_id"
  FROM "main"."referral" AS t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))) AS "r" JOIN (SELECT t."id"
  FROM "main"."patient" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_12_patient" k WHERE k."id" = t."id")) AS "p" ON p.id = r.patient_id
-- argument 1: "SE1"
-- columns: id, id
-- 1:24-34 main.referral as r: path: a row is included when its main.unit is included (by unit_id)
-- 1:40-49 main.patient as p: path: a row is included when an included main.visit names it (by patient_id), or an included main.referral names it (by patient_id); masked person_no: hash("person"), name: redact, phone: null
-- warning UR041 at 1:24-34: rows of main.referral may reference rows of main.visit that are not the provider's, by visit_id

-- title: a table that depends on itself
-- map: cyclic
SELECT id FROM unit
----
CREATE TEMP TABLE "provider" ("hsa_id" TEXT, PRIMARY KEY ("hsa_id")) WITHOUT ROWID;
INSERT INTO temp."provider" ("hsa_id") VALUES (?1); -- with 1 arguments of its own
CREATE TEMP TABLE "keys_13_provider" ("id" INTEGER PRIMARY KEY);
INSERT INTO temp."keys_13_provider" ("id")
SELECT t."id"
  FROM "main"."provider" t
  WHERE EXISTS (SELECT 1 FROM temp."provider" k WHERE t."hsa_id" = k."hsa_id");
SELECT COUNT(*) FROM temp."keys_13_provider";
CREATE TEMP TABLE "keys_17_unit" ("id" INTEGER PRIMARY KEY);
CREATE TEMP TABLE "delta_17_unit" ("id" INTEGER PRIMARY KEY);
CREATE TEMP TABLE "next_17_unit" ("id" INTEGER PRIMARY KEY);
INSERT INTO temp."delta_17_unit" ("id")
SELECT t."id"
  FROM "main"."unit" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_13_provider" p1 WHERE p1."id" = t."provider_id");
INSERT INTO temp."keys_17_unit" ("id")
SELECT "id" FROM temp."delta_17_unit";
SELECT CASE WHEN EXISTS (SELECT 1 FROM temp."delta_17_unit") THEN 1 ELSE 0 END;
-- while that is 1: INSERT INTO temp."next_17_unit" ("id")
SELECT DISTINCT t."id"
  FROM temp."delta_17_unit" d
  JOIN "main"."unit" o ON d."id" = o."id"
  JOIN "main"."unit" t ON o."id" = t."parent_id"
  WHERE NOT EXISTS (SELECT 1 FROM temp."keys_17_unit" k WHERE k."id" = t."id");
-- while that is 1: DELETE FROM temp."delta_17_unit";
-- while that is 1: INSERT INTO temp."delta_17_unit" ("id")
SELECT "id" FROM temp."next_17_unit";
-- while that is 1: DELETE FROM temp."next_17_unit";
-- while that is 1: INSERT INTO temp."keys_17_unit" ("id")
SELECT "id" FROM temp."delta_17_unit";
SELECT id FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM temp."keys_17_unit" k WHERE k."id" = t."id")) AS "unit"
DROP TABLE IF EXISTS temp."provider";
DROP TABLE IF EXISTS temp."keys_13_provider";
DROP TABLE IF EXISTS temp."keys_17_unit";
DROP TABLE IF EXISTS temp."delta_17_unit";
DROP TABLE IF EXISTS temp."next_17_unit";
-- columns: id
-- 1:16-20 main.unit: path: a row is included when its main.provider is included (by provider_id), or its main.unit is included (by parent_id)
