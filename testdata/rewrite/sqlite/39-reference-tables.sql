-- title: a reference table
SELECT code FROM icd
----
SELECT code FROM (SELECT t."code"
  FROM "main"."icd" AS t) AS "icd"
-- columns: code
-- 1:18-21 main.icd: reference: every row: code system

-- title: rows = all, masked
SELECT id, phone FROM interpreter
----
SELECT id, phone FROM (SELECT t."id", CAST(NULL AS TEXT) COLLATE "BINARY" AS "phone"
  FROM "main"."interpreter" AS t) AS "interpreter"
-- columns: id, phone
-- 1:23-34 main.interpreter: reference: every row: called in by everyone; masked phone: null
