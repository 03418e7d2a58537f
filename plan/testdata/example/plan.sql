-- Utdrag copy plan: the rows of one care provider, and no other row.
-- provider  SE1
-- units     U1, U2
-- map       sha256:1e4f8c0f8eb6bdc7aa13f793caa464863087fc98a02e545576489999dcacb2e9
-- catalog   sha256:6e58151c8cbf0cdffc33a77bc0cbfb096e7f7cb4276b1a501fb017cd09f600c2
-- plan      sha256:2b8500299ce8110a3c33c085686dc9558053e002daee2b8ec9b31239d0149792
-- 
-- run it    sqlite3 journal.db < plan.sql    (makes copy.db in the current folder)
-- 
-- It reads one snapshot of the source, changes nothing there, and stops at the first error.

.bail on
PRAGMA temp_store = MEMORY;
PRAGMA trusted_schema = OFF;
PRAGMA foreign_keys = OFF; -- loaded first, checked at the end
ATTACH 'copy.db' AS copy;
BEGIN;
CREATE TEMP TABLE check_0 (found INTEGER CONSTRAINT "copy.db is not empty: remove it, or run this in another folder" CHECK (found = 0));
INSERT INTO check_0 SELECT COUNT(*) FROM copy.sqlite_schema;
DROP TABLE check_0;

-- The tables of the copy
CREATE TABLE "copy"."Kind" (
  "Code" TEXT NOT NULL,
  "Name" TEXT,
  PRIMARY KEY ("Code")
);

CREATE TABLE "copy"."Provider" (
  "Id" INTEGER PRIMARY KEY,
  "HsaId" TEXT NOT NULL COLLATE "NOCASE",
  "Name" TEXT,
  UNIQUE ("HsaId")
);

-- main.Staff: masked column Email has no default
-- main.Staff: CHECK on Email is not made: a column is left out or changed
CREATE TABLE "copy"."Staff" (
  "Id" INTEGER PRIMARY KEY,
  "UnitId" INTEGER,
  "Name" TEXT NOT NULL,
  "Email" TEXT,
  FOREIGN KEY ("UnitId") REFERENCES "Unit" ("Id")
);

CREATE TABLE "copy"."Unit" (
  "Id" INTEGER PRIMARY KEY,
  "HsaId" TEXT NOT NULL,
  "ProviderId" INTEGER NOT NULL,
  "HeadId" INTEGER,
  UNIQUE ("HsaId"),
  FOREIGN KEY ("ProviderId") REFERENCES "Provider" ("Id"),
  FOREIGN KEY ("HeadId") REFERENCES "Staff" ("Id")
);

CREATE TABLE "copy"."Patient" (
  "Id" INTEGER PRIMARY KEY,
  "Pnr" TEXT,
  "Name" TEXT,
  "Initial" TEXT GENERATED ALWAYS AS (substr(Pnr, 1, 1)) VIRTUAL,
  UNIQUE ("Pnr")
);

CREATE TABLE "copy"."Visit" (
  "No" INTEGER NOT NULL,
  "Year" INTEGER NOT NULL,
  "UnitId" INTEGER NOT NULL,
  "PatientId" INTEGER NOT NULL,
  "SeenById" INTEGER,
  "Kind" TEXT,
  "Cancelled" INTEGER,
  PRIMARY KEY ("Year", "No"),
  FOREIGN KEY ("UnitId") REFERENCES "Unit" ("Id"),
  FOREIGN KEY ("PatientId") REFERENCES "Patient" ("Id"),
  CONSTRAINT "fk_seen" FOREIGN KEY ("SeenById") REFERENCES "Staff" ("Id"),
  FOREIGN KEY ("Kind") REFERENCES "Kind" ("Code")
) WITHOUT ROWID;

-- main.Note: column Draft is left out
-- main.Note: index Drafts is not made: it stands on a column that is left out or changed
CREATE TABLE "copy"."Note" (
  "Id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "VisitNo" INTEGER,
  "VisitYear" INTEGER,
  "ThreadId" INTEGER,
  "Body" TEXT,
  FOREIGN KEY ("ThreadId") REFERENCES "Note" ("Id"),
  FOREIGN KEY ("VisitYear", "VisitNo") REFERENCES "Visit" ("Year", "No")
);

CREATE TABLE "copy"."Outbox" (
  "Id" INTEGER PRIMARY KEY,
  "Line" TEXT
);

CREATE TABLE "copy"."Referral" (
  "Id" INTEGER PRIMARY KEY,
  "FromUnitId" INTEGER,
  "ToUnitId" INTEGER,
  "Text" TEXT,
  FOREIGN KEY ("FromUnitId") REFERENCES "Unit" ("Id"),
  FOREIGN KEY ("ToUnitId") REFERENCES "Unit" ("Id")
);

-- 1. the ordered care provider
--    map: map.hcl:3:1
CREATE TEMP TABLE "provider" ("HsaId" TEXT COLLATE "NOCASE", PRIMARY KEY ("HsaId")) WITHOUT ROWID;

-- 3. keys of the included rows of main.Provider
--    map: map.hcl:3:1
CREATE TEMP TABLE "keys_6_Provider" ("Id" INTEGER PRIMARY KEY);

-- 6. the ordered care units
--    map: map.hcl:3:1
CREATE TEMP TABLE "units" ("HsaId" TEXT, PRIMARY KEY ("HsaId")) WITHOUT ROWID;

-- 9. keys of the included rows of main.Unit
--    map: map.hcl:12:7
CREATE TEMP TABLE "keys_9_Unit" ("Id" INTEGER PRIMARY KEY);

-- 11. keys of the included rows of main.Note
--    map: map.hcl:38:7
CREATE TEMP TABLE "keys_3_Note" ("Id" INTEGER PRIMARY KEY);

-- 12. those found in the last round
--    map: map.hcl:38:7
CREATE TEMP TABLE "delta_3_Note" ("Id" INTEGER PRIMARY KEY);

-- 13. those found in this round
--    map: map.hcl:38:7
CREATE TEMP TABLE "next_3_Note" ("Id" INTEGER PRIMARY KEY);

-- 17. keys of the included rows of main.Patient
--    map: map.hcl:30:7
CREATE TEMP TABLE "keys_5_Patient" ("Id" INTEGER PRIMARY KEY);

-- 19. keys of rows of main.Staff that outside = "include" adds
--    map: map.hcl:17:7
CREATE TEMP TABLE "added_8_Staff" ("Id" INTEGER PRIMARY KEY);

-- 21. keys of rows of main.Staff that outside = "stub" adds
--    map: map.hcl:17:7
CREATE TEMP TABLE "stubs_8_Staff" ("Id" INTEGER PRIMARY KEY);

-- 2. the ordered care provider
--    map: map.hcl:3:1
INSERT INTO temp."provider" ("HsaId") VALUES ('SE1');

-- 4. the ordered care provider's own row
--    map: map.hcl:3:1
INSERT INTO temp."keys_6_Provider" ("Id")
SELECT t."Id"
  FROM "main"."Provider" t
  WHERE EXISTS (SELECT 1 FROM temp."provider" k WHERE t."HsaId" = k."HsaId");

-- 5. the provider is registered exactly once
--    map: map.hcl:3:1
CREATE TEMP TABLE check_5 (found INTEGER CONSTRAINT "UP001: the ordered provider key is not exactly one row of main.Provider" CHECK (found = 1));
INSERT INTO check_5 SELECT COUNT(*) FROM temp."keys_6_Provider";
DROP TABLE check_5;

-- 7. the ordered care units
--    map: map.hcl:3:1
INSERT INTO temp."units" ("HsaId") VALUES ('U1');

-- 8. the ordered care units
--    map: map.hcl:3:1
INSERT INTO temp."units" ("HsaId") VALUES ('U2');

-- 10. a row is included when its main.Provider is included (by ProviderId)
--    map: map.hcl:12:7
INSERT INTO temp."keys_9_Unit" ("Id")
SELECT t."Id"
  FROM "main"."Unit" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_6_Provider" p1 WHERE p1."Id" = t."ProviderId")
    AND EXISTS (SELECT 1 FROM temp."units" k WHERE t."HsaId" = k."HsaId");

-- 14. first round: a row is included when its main.Visit is included (by VisitYear, VisitNo), or its main.Note is included (by ThreadId)
--    map: map.hcl:38:7
INSERT INTO temp."delta_3_Note" ("Id")
SELECT t."Id"
  FROM "main"."Note" t
  WHERE EXISTS (SELECT 1 FROM "main"."Visit" p1 WHERE p1."Year" = t."VisitYear" AND p1."No" = t."VisitNo"
    AND EXISTS (SELECT 1 FROM temp."keys_9_Unit" p2 WHERE p2."Id" = p1."UnitId")
    AND (((p1."Cancelled" IS NULL) OR (NOT (p1."Cancelled" = 1)))));

-- 15. they join the key set
--    map: map.hcl:38:7
INSERT INTO temp."keys_3_Note" ("Id")
SELECT "Id" FROM temp."delta_3_Note";

-- 16. repeat until a round finds nothing new: these tables lead to each other
--    map: map.hcl:38:7
CREATE TEMP TABLE tick_16 (number INTEGER PRIMARY KEY);
CREATE TEMP TRIGGER round_16 AFTER INSERT ON tick_16 WHEN (SELECT CASE WHEN EXISTS (SELECT 1 FROM temp."delta_3_Note") THEN 1 ELSE 0 END) = 1
BEGIN
  INSERT INTO "next_3_Note" ("Id")
SELECT DISTINCT t."Id"
  FROM temp."delta_3_Note" d
  JOIN "main"."Note" o ON d."Id" = o."Id"
  JOIN "main"."Note" t ON o."Id" = t."ThreadId"
  WHERE NOT EXISTS (SELECT 1 FROM temp."keys_3_Note" k WHERE k."Id" = t."Id");
  DELETE FROM "delta_3_Note";
  INSERT INTO "delta_3_Note" ("Id")
SELECT "Id" FROM temp."next_3_Note";
  DELETE FROM "next_3_Note";
  INSERT INTO "keys_3_Note" ("Id")
SELECT "Id" FROM temp."delta_3_Note";
END;
INSERT INTO tick_16
  WITH RECURSIVE series(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM series WHERE number < (SELECT (SELECT COUNT(*) FROM "main"."Note") + 1))
  SELECT number FROM series;
DROP TABLE tick_16;
CREATE TEMP TABLE check_16 (found INTEGER CONSTRAINT "the rounds came to no end" CHECK (found = 0));
INSERT INTO check_16 SELECT CASE WHEN EXISTS (SELECT 1 FROM temp."delta_3_Note") THEN 1 ELSE 0 END;
DROP TABLE check_16;

-- 18. a row is included when an included main.Visit names it (by PatientId)
--    map: map.hcl:30:7
INSERT INTO temp."keys_5_Patient" ("Id")
SELECT DISTINCT t."Id"
  FROM "main"."Visit" c
  JOIN "main"."Patient" t ON t."Id" = c."PatientId"
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = c."UnitId")
    AND (((c."Cancelled" IS NULL) OR (NOT (c."Cancelled" = 1))));

-- 20. rows of main.Staff outside that copied rows reference: outside = "include"
--    map: map.hcl:26:3
INSERT INTO temp."added_8_Staff" ("Id")
SELECT DISTINCT t."Id"
  FROM "main"."Visit" o
  JOIN "main"."Staff" t ON t."Id" = o."SeenById"
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = o."UnitId")
    AND (((o."Cancelled" IS NULL) OR (NOT (o."Cancelled" = 1))))
    AND CASE WHEN EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."UnitId") THEN 0 ELSE 1 END = 1;

-- 22. rows of main.Staff outside that copied rows reference: outside = "stub"
--    map: map.hcl:14:3
INSERT INTO temp."stubs_8_Staff" ("Id")
SELECT DISTINCT t."Id"
  FROM "main"."Unit" o
  JOIN "main"."Staff" t ON t."Id" = o."HeadId"
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" k WHERE k."Id" = o."Id")
    AND CASE WHEN (EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."UnitId") OR EXISTS (SELECT 1 FROM temp."added_8_Staff" k WHERE k."Id" = t."Id")) THEN 0 ELSE 1 END = 1;

-- 23. every ordered unit is the provider's
--    map: map.hcl:6:3
CREATE TEMP TABLE check_23 (found INTEGER CONSTRAINT "UP006: an ordered care unit is not a unit of the provider" CHECK (found = 2));
INSERT INTO check_23 SELECT COUNT(*) FROM "main"."Unit" t WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" k WHERE k."Id" = t."Id");
DROP TABLE check_23;

-- 24. outside = "error": no reference by ToUnitId leads outside
--    map: map.hcl:53:3
CREATE TEMP TABLE check_24 (found INTEGER CONSTRAINT "UP004: rows of main.Referral reference rows of main.Unit that are not copied (by ToUnitId)" CHECK (found = 0));
INSERT INTO check_24 SELECT COUNT(*) FROM "main"."Referral" t
  WHERE (EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."FromUnitId") OR EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."ToUnitId"))
    AND ((t."FromUnitId" IS NULL) OR EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."FromUnitId"))
    AND t."ToUnitId" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."ToUnitId"));
DROP TABLE check_24;

-- 25. rows of main.Kind: every row: national code system
--    map: map.hcl:63:13
INSERT INTO copy."Kind" ("Code", "Name")
SELECT t."Code",
  t."Name"
  FROM "main"."Kind" t
  ORDER BY t."rowid";

-- 26. rows of main.Provider: the ordered care provider's own row
--    map: map.hcl:3:1
INSERT INTO copy."Provider" ("Id", "HsaId", "Name")
SELECT t."Id",
  t."HsaId",
  t."Name"
  FROM "main"."Provider" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_6_Provider" k WHERE k."Id" = t."Id")
  ORDER BY t."rowid";

-- 27. rows of main.Staff: a row is included when its main.Unit is included (by UnitId)
--    map: map.hcl:17:7
INSERT INTO copy."Staff" ("Id", "UnitId", "Name", "Email")
SELECT t."Id",
  CASE WHEN t."UnitId" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."UnitId")) THEN NULL ELSE t."UnitId" END AS "UnitId",
  t."Name",
  CASE WHEN t."Email" IS NULL THEN NULL WHEN length(t."Email") <= 1 THEN replace(hex(zeroblob(length(t."Email"))), '00', '*') ELSE (substr(t."Email", 1, max(1, 0)) || replace(hex(zeroblob((length(t."Email") - 1))), '00', '*')) END AS "Email"
  FROM "main"."Staff" t
  WHERE (EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."UnitId") OR EXISTS (SELECT 1 FROM temp."added_8_Staff" k WHERE k."Id" = t."Id"))
  ORDER BY t."rowid";

-- 28. stub rows of main.Staff: referenced by copied rows, and copied as their key only
--    map: map.hcl:17:7
INSERT INTO copy."Staff" ("Id", "UnitId", "Name", "Email")
SELECT t."Id",
  NULL AS "UnitId",
  'unknown' AS "Name",
  CASE WHEN NULL IS NULL THEN NULL WHEN length(NULL) <= 1 THEN replace(hex(zeroblob(length(NULL))), '00', '*') ELSE (substr(NULL, 1, max(1, 0)) || replace(hex(zeroblob((length(NULL) - 1))), '00', '*')) END AS "Email"
  FROM "main"."Staff" t
  WHERE EXISTS (SELECT 1 FROM temp."stubs_8_Staff" k WHERE k."Id" = t."Id")
  ORDER BY t."rowid";

-- 29. rows of main.Unit: a row is included when its main.Provider is included (by ProviderId)
--    map: map.hcl:12:7
INSERT INTO copy."Unit" ("Id", "HsaId", "ProviderId", "HeadId")
SELECT t."Id",
  t."HsaId",
  t."ProviderId",
  t."HeadId"
  FROM "main"."Unit" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" k WHERE k."Id" = t."Id")
  ORDER BY t."rowid";

-- 30. rows of main.Patient: a row is included when an included main.Visit names it (by PatientId)
--    map: map.hcl:30:7
INSERT INTO copy."Patient" ("Id", "Pnr", "Name")
SELECT t."Id",
  t."Pnr",
  CASE WHEN t."Name" IS NULL THEN NULL ELSE '***' END AS "Name"
  FROM "main"."Patient" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_5_Patient" k WHERE k."Id" = t."Id")
  ORDER BY t."rowid";

-- 31. rows of main.Visit: a row is included when its main.Unit is included (by UnitId); only where Cancelled IS NULL OR NOT (Cancelled = 1)
--    map: map.hcl:24:7
INSERT INTO copy."Visit" ("No", "Year", "UnitId", "PatientId", "SeenById", "Kind", "Cancelled")
SELECT t."No",
  t."Year",
  t."UnitId",
  t."PatientId",
  t."SeenById",
  t."Kind",
  t."Cancelled"
  FROM "main"."Visit" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."UnitId")
    AND (((t."Cancelled" IS NULL) OR (NOT (t."Cancelled" = 1))))
  ORDER BY t."Year", t."No";

-- 32. rows of main.Note: a row is included when its main.Visit is included (by VisitYear, VisitNo), or its main.Note is included (by ThreadId)
--    map: map.hcl:38:7
INSERT INTO copy."Note" ("Id", "VisitNo", "VisitYear", "ThreadId", "Body")
SELECT t."Id",
  CASE WHEN t."VisitYear" IS NOT NULL AND t."VisitNo" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."Visit" p1 WHERE p1."Year" = t."VisitYear" AND p1."No" = t."VisitNo"
    AND EXISTS (SELECT 1 FROM temp."keys_9_Unit" p2 WHERE p2."Id" = p1."UnitId")
    AND (((p1."Cancelled" IS NULL) OR (NOT (p1."Cancelled" = 1)))))) THEN NULL ELSE t."VisitNo" END AS "VisitNo",
  CASE WHEN t."VisitYear" IS NOT NULL AND t."VisitNo" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM "main"."Visit" p1 WHERE p1."Year" = t."VisitYear" AND p1."No" = t."VisitNo"
    AND EXISTS (SELECT 1 FROM temp."keys_9_Unit" p2 WHERE p2."Id" = p1."UnitId")
    AND (((p1."Cancelled" IS NULL) OR (NOT (p1."Cancelled" = 1)))))) THEN NULL ELSE t."VisitYear" END AS "VisitYear",
  CASE WHEN t."ThreadId" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM temp."keys_3_Note" p1 WHERE p1."Id" = t."ThreadId")) THEN NULL ELSE t."ThreadId" END AS "ThreadId",
  NULL AS "Body"
  FROM "main"."Note" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_3_Note" k WHERE k."Id" = t."Id")
  ORDER BY t."rowid";

-- 33. rows of main.Referral: a row is included when its main.Unit is included (by FromUnitId), or its main.Unit is included (by ToUnitId); left out when FromUnitId leads outside
--    map: map.hcl:48:7
INSERT INTO copy."Referral" ("Id", "FromUnitId", "ToUnitId", "Text")
SELECT t."Id",
  t."FromUnitId",
  t."ToUnitId",
  CASE WHEN t."Text" IS NULL THEN NULL ELSE '(removed)' END AS "Text"
  FROM "main"."Referral" t
  WHERE (EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."FromUnitId") OR EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."ToUnitId"))
    AND ((t."FromUnitId" IS NULL) OR EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."FromUnitId"))
  ORDER BY t."rowid";

CREATE INDEX "copy"."VisitByPatient" ON "Visit" (PatientId);

-- Every foreign key of the copy holds
CREATE TEMP TABLE check_0 (found INTEGER CONSTRAINT "a foreign key of the copy doesn't hold" CHECK (found = 0));
INSERT INTO check_0 SELECT COUNT(*) FROM pragma_foreign_key_check(NULL, 'copy');
DROP TABLE check_0;
CREATE TEMP TABLE summary (copied_table TEXT, copied_rows INTEGER);
INSERT INTO summary SELECT 'Kind', COUNT(*) FROM copy."Kind";
INSERT INTO summary SELECT 'Provider', COUNT(*) FROM copy."Provider";
INSERT INTO summary SELECT 'Staff', COUNT(*) FROM copy."Staff";
INSERT INTO summary SELECT 'Unit', COUNT(*) FROM copy."Unit";
INSERT INTO summary SELECT 'Patient', COUNT(*) FROM copy."Patient";
INSERT INTO summary SELECT 'Visit', COUNT(*) FROM copy."Visit";
INSERT INTO summary SELECT 'Note', COUNT(*) FROM copy."Note";
INSERT INTO summary SELECT 'Outbox', COUNT(*) FROM copy."Outbox";
INSERT INTO summary SELECT 'Referral', COUNT(*) FROM copy."Referral";
COMMIT;
.mode column
.headers on
SELECT copied_table, copied_rows FROM summary;

