-- Utdrag copy plan sha256:2b8500299ce8110a3c33c085686dc9558053e002daee2b8ec9b31239d0149792, for reading
-- provider  SE1

-- 1. the ordered care provider
--    map: map.hcl:3:1
CREATE TEMP TABLE "provider" ("HsaId" TEXT COLLATE "NOCASE", PRIMARY KEY ("HsaId")) WITHOUT ROWID;

-- 2. the ordered care provider
--    map: map.hcl:3:1
INSERT INTO temp."provider" ("HsaId") VALUES (?1);

-- 3. keys of the included rows of main.Provider
--    map: map.hcl:3:1
CREATE TEMP TABLE "keys_6_Provider" ("Id" INTEGER PRIMARY KEY);

-- 4. the ordered care provider's own row
--    map: map.hcl:3:1
INSERT INTO temp."keys_6_Provider" ("Id")
SELECT t."Id"
  FROM "main"."Provider" t
  WHERE EXISTS (SELECT 1 FROM temp."provider" k WHERE t."HsaId" = k."HsaId");

-- 5. the provider is registered exactly once
--    map: map.hcl:3:1
SELECT COUNT(*) FROM temp."keys_6_Provider";

-- 6. the ordered care units
--    map: map.hcl:3:1
CREATE TEMP TABLE "units" ("HsaId" TEXT, PRIMARY KEY ("HsaId")) WITHOUT ROWID;

-- 7. the ordered care units
--    map: map.hcl:3:1
INSERT INTO temp."units" ("HsaId") VALUES (?1);

-- 8. the ordered care units
--    map: map.hcl:3:1
INSERT INTO temp."units" ("HsaId") VALUES (?1);

-- 9. keys of the included rows of main.Unit
--    map: map.hcl:12:7
CREATE TEMP TABLE "keys_9_Unit" ("Id" INTEGER PRIMARY KEY);

-- 10. a row is included when its main.Provider is included (by ProviderId)
--    map: map.hcl:12:7
INSERT INTO temp."keys_9_Unit" ("Id")
SELECT t."Id"
  FROM "main"."Unit" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_6_Provider" p1 WHERE p1."Id" = t."ProviderId")
    AND EXISTS (SELECT 1 FROM temp."units" k WHERE t."HsaId" = k."HsaId");

-- 11. keys of the included rows of main.Note
--    map: map.hcl:38:7
CREATE TEMP TABLE "keys_3_Note" ("Id" INTEGER PRIMARY KEY);

-- 12. those found in the last round
--    map: map.hcl:38:7
CREATE TEMP TABLE "delta_3_Note" ("Id" INTEGER PRIMARY KEY);

-- 13. those found in this round
--    map: map.hcl:38:7
CREATE TEMP TABLE "next_3_Note" ("Id" INTEGER PRIMARY KEY);

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
SELECT CASE WHEN EXISTS (SELECT 1 FROM temp."delta_3_Note") THEN 1 ELSE 0 END;

INSERT INTO temp."next_3_Note" ("Id")
SELECT DISTINCT t."Id"
  FROM temp."delta_3_Note" d
  JOIN "main"."Note" o ON d."Id" = o."Id"
  JOIN "main"."Note" t ON o."Id" = t."ThreadId"
  WHERE NOT EXISTS (SELECT 1 FROM temp."keys_3_Note" k WHERE k."Id" = t."Id");

DELETE FROM temp."delta_3_Note";

INSERT INTO temp."delta_3_Note" ("Id")
SELECT "Id" FROM temp."next_3_Note";

DELETE FROM temp."next_3_Note";

INSERT INTO temp."keys_3_Note" ("Id")
SELECT "Id" FROM temp."delta_3_Note";

-- 17. keys of the included rows of main.Patient
--    map: map.hcl:30:7
CREATE TEMP TABLE "keys_5_Patient" ("Id" INTEGER PRIMARY KEY);

-- 18. a row is included when an included main.Visit names it (by PatientId)
--    map: map.hcl:30:7
INSERT INTO temp."keys_5_Patient" ("Id")
SELECT DISTINCT t."Id"
  FROM "main"."Visit" c
  JOIN "main"."Patient" t ON t."Id" = c."PatientId"
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = c."UnitId")
    AND (((c."Cancelled" IS NULL) OR (NOT (c."Cancelled" = 1))));

-- 19. keys of rows of main.Staff that outside = "include" adds
--    map: map.hcl:17:7
CREATE TEMP TABLE "added_8_Staff" ("Id" INTEGER PRIMARY KEY);

-- 20. rows of main.Staff outside that copied rows reference: outside = "include"
--    map: map.hcl:26:3
INSERT INTO temp."added_8_Staff" ("Id")
SELECT DISTINCT t."Id"
  FROM "main"."Visit" o
  JOIN "main"."Staff" t ON t."Id" = o."SeenById"
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = o."UnitId")
    AND (((o."Cancelled" IS NULL) OR (NOT (o."Cancelled" = 1))))
    AND CASE WHEN EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."UnitId") THEN 0 ELSE 1 END = 1;

-- 21. keys of rows of main.Staff that outside = "stub" adds
--    map: map.hcl:17:7
CREATE TEMP TABLE "stubs_8_Staff" ("Id" INTEGER PRIMARY KEY);

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
SELECT COUNT(*) FROM "main"."Unit" t WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" k WHERE k."Id" = t."Id");

-- 24. outside = "error": no reference by ToUnitId leads outside
--    map: map.hcl:53:3
SELECT COUNT(*) FROM "main"."Referral" t
  WHERE (EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."FromUnitId") OR EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."ToUnitId"))
    AND ((t."FromUnitId" IS NULL) OR EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."FromUnitId"))
    AND t."ToUnitId" IS NOT NULL
    AND NOT (EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."ToUnitId"));

-- 25. rows of main.Kind: every row: national code system
--    map: map.hcl:63:13
SELECT t."Code",
  t."Name"
  FROM "main"."Kind" t
  ORDER BY t."rowid";

-- 26. rows of main.Provider: the ordered care provider's own row
--    map: map.hcl:3:1
SELECT t."Id",
  t."HsaId",
  t."Name"
  FROM "main"."Provider" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_6_Provider" k WHERE k."Id" = t."Id")
  ORDER BY t."rowid";

-- 27. rows of main.Staff: a row is included when its main.Unit is included (by UnitId)
--    map: map.hcl:17:7
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
SELECT t."Id",
  NULL AS "UnitId",
  'unknown' AS "Name",
  CASE WHEN NULL IS NULL THEN NULL WHEN length(NULL) <= 1 THEN replace(hex(zeroblob(length(NULL))), '00', '*') ELSE (substr(NULL, 1, max(1, 0)) || replace(hex(zeroblob((length(NULL) - 1))), '00', '*')) END AS "Email"
  FROM "main"."Staff" t
  WHERE EXISTS (SELECT 1 FROM temp."stubs_8_Staff" k WHERE k."Id" = t."Id")
  ORDER BY t."rowid";

-- 29. rows of main.Unit: a row is included when its main.Provider is included (by ProviderId)
--    map: map.hcl:12:7
SELECT t."Id",
  t."HsaId",
  t."ProviderId",
  t."HeadId"
  FROM "main"."Unit" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_9_Unit" k WHERE k."Id" = t."Id")
  ORDER BY t."rowid";

-- 30. rows of main.Patient: a row is included when an included main.Visit names it (by PatientId)
--    map: map.hcl:30:7
SELECT t."Id",
  t."Pnr",
  CASE WHEN t."Name" IS NULL THEN NULL ELSE '***' END AS "Name"
  FROM "main"."Patient" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_5_Patient" k WHERE k."Id" = t."Id")
  ORDER BY t."rowid";

-- 31. rows of main.Visit: a row is included when its main.Unit is included (by UnitId); only where Cancelled IS NULL OR NOT (Cancelled = 1)
--    map: map.hcl:24:7
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
SELECT t."Id",
  t."FromUnitId",
  t."ToUnitId",
  CASE WHEN t."Text" IS NULL THEN NULL ELSE '(removed)' END AS "Text"
  FROM "main"."Referral" t
  WHERE (EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."FromUnitId") OR EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."ToUnitId"))
    AND ((t."FromUnitId" IS NULL) OR EXISTS (SELECT 1 FROM temp."keys_9_Unit" p1 WHERE p1."Id" = t."FromUnitId"))
  ORDER BY t."rowid";

