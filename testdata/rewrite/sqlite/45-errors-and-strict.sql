-- title: an expression that fails on one row only
SELECT 1 / (u.id - 20) FROM unit u
----
WITH "utdrag_keys_13_provider"("id") AS (SELECT t."id"
  FROM "main"."provider" t
  WHERE t."hsa_id" = ?1)
SELECT 1 / (u.id - 20) FROM (SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM "utdrag_keys_13_provider" p1 WHERE p1."id" = t."provider_id")) AS "u"
-- argument 1: "SE1"
-- columns: 
-- 1:29-35 main.unit as u: path: a row is included when its main.provider is included (by provider_id)

-- title: strict: the rows are staged first
-- strict:
SELECT 1 / (u.id - 20) FROM unit u
----
CREATE TEMP TABLE "provider" ("hsa_id" TEXT, PRIMARY KEY ("hsa_id")) WITHOUT ROWID;
INSERT INTO temp."provider" ("hsa_id") VALUES (?1); -- with 1 arguments of its own
CREATE TEMP TABLE "keys_13_provider" ("id" INTEGER PRIMARY KEY);
INSERT INTO temp."keys_13_provider" ("id")
SELECT t."id"
  FROM "main"."provider" t
  WHERE EXISTS (SELECT 1 FROM temp."provider" k WHERE t."hsa_id" = k."hsa_id");
SELECT COUNT(*) FROM temp."keys_13_provider";
CREATE TEMP TABLE "rows_1" ("id" INTEGER COLLATE "BINARY");
INSERT INTO temp."rows_1" ("id")
SELECT t."id"
  FROM "main"."unit" AS t
  WHERE EXISTS (SELECT 1 FROM temp."keys_13_provider" p1 WHERE p1."id" = t."provider_id");
SELECT 1 / (u.id - 20) FROM (SELECT t."id" FROM temp."rows_1" AS t) AS "u"
DROP TABLE IF EXISTS temp."provider";
DROP TABLE IF EXISTS temp."keys_13_provider";
DROP TABLE IF EXISTS temp."rows_1";
-- columns: 
-- 1:29-35 main.unit as u: path: a row is included when its main.provider is included (by provider_id)

-- title: strict: with masks and a self join
-- strict:
SELECT a.name, b.id FROM staff a JOIN staff b ON b.id = a.id
----
CREATE TEMP TABLE "provider" ("hsa_id" TEXT, PRIMARY KEY ("hsa_id")) WITHOUT ROWID;
INSERT INTO temp."provider" ("hsa_id") VALUES (?1); -- with 1 arguments of its own
CREATE TEMP TABLE "keys_13_provider" ("id" INTEGER PRIMARY KEY);
INSERT INTO temp."keys_13_provider" ("id")
SELECT t."id"
  FROM "main"."provider" t
  WHERE EXISTS (SELECT 1 FROM temp."provider" k WHERE t."hsa_id" = k."hsa_id");
SELECT COUNT(*) FROM temp."keys_13_provider";
CREATE TEMP TABLE "keys_18_visit" ("id" INTEGER PRIMARY KEY);
INSERT INTO temp."keys_18_visit" ("id")
SELECT t."id"
  FROM "main"."visit" t
  WHERE EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM temp."keys_13_provider" p2 WHERE p2."id" = p1."provider_id"))
INTERSECT
SELECT t."id"
  FROM "main"."visit" t
  WHERE EXISTS (SELECT 1 FROM "main"."area" p1 WHERE p1."id" = t."area_id"
    AND EXISTS (SELECT 1 FROM temp."keys_13_provider" p2 WHERE p2."id" = p1."provider_id"));
CREATE TEMP TABLE "added_16_staff" ("id" INTEGER PRIMARY KEY);
INSERT INTO temp."added_16_staff" ("id")
SELECT DISTINCT t."id"
  FROM "main"."note" o
  JOIN "main"."staff" t ON t."id" = o."author_id"
  WHERE EXISTS (SELECT 1 FROM temp."keys_18_visit" p1 WHERE p1."id" = o."visit_id")
    AND CASE WHEN EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM temp."keys_13_provider" p2 WHERE p2."id" = p1."provider_id")) THEN 0 ELSE 1 END = 1;
CREATE TEMP TABLE "rows_1" ("id" INTEGER COLLATE "BINARY", "name" TEXT COLLATE "BINARY");
INSERT INTO temp."rows_1" ("id", "name")
SELECT t."id", CAST(CASE WHEN t."name" IS NULL THEN NULL ELSE 'somebody' END AS TEXT) COLLATE "BINARY" AS "name"
  FROM "main"."staff" AS t
  WHERE (EXISTS (SELECT 1 FROM "main"."unit" p1 WHERE p1."id" = t."unit_id"
    AND EXISTS (SELECT 1 FROM temp."keys_13_provider" p2 WHERE p2."id" = p1."provider_id")) OR EXISTS (SELECT 1 FROM temp."added_16_staff" k WHERE k."id" = t."id"));
SELECT a.name, b.id FROM (SELECT t."id", t."name" FROM temp."rows_1" AS t) AS "a" JOIN (SELECT t."id", t."name" FROM temp."rows_1" AS t) AS "b" ON b.id = a.id
DROP TABLE IF EXISTS temp."provider";
DROP TABLE IF EXISTS temp."keys_13_provider";
DROP TABLE IF EXISTS temp."keys_18_visit";
DROP TABLE IF EXISTS temp."added_16_staff";
DROP TABLE IF EXISTS temp."rows_1";
-- columns: name, id
-- 1:26-33 main.staff as a: path: a row is included when its main.unit is included (by unit_id); with the rows that are named in main.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)
-- 1:39-46 main.staff as b: path: a row is included when its main.unit is included (by unit_id); with the rows that are named in main.note (by author_id); masked name: constant("somebody"), email: partial(1, 3)
