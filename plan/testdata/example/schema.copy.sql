CREATE TABLE "Kind" (
  "Code" TEXT NOT NULL,
  "Name" TEXT,
  PRIMARY KEY ("Code")
);

CREATE TABLE "Provider" (
  "Id" INTEGER PRIMARY KEY,
  "HsaId" TEXT NOT NULL COLLATE "NOCASE",
  "Name" TEXT,
  UNIQUE ("HsaId")
);

CREATE TABLE "Staff" (
  "Id" INTEGER PRIMARY KEY,
  "UnitId" INTEGER,
  "Name" TEXT NOT NULL,
  "Email" TEXT,
  FOREIGN KEY ("UnitId") REFERENCES "Unit" ("Id")
);

CREATE TABLE "Unit" (
  "Id" INTEGER PRIMARY KEY,
  "HsaId" TEXT NOT NULL,
  "ProviderId" INTEGER NOT NULL,
  "HeadId" INTEGER,
  UNIQUE ("HsaId"),
  FOREIGN KEY ("ProviderId") REFERENCES "Provider" ("Id"),
  FOREIGN KEY ("HeadId") REFERENCES "Staff" ("Id")
);

CREATE TABLE "Patient" (
  "Id" INTEGER PRIMARY KEY,
  "Pnr" TEXT,
  "Name" TEXT,
  "Initial" TEXT GENERATED ALWAYS AS (substr(Pnr, 1, 1)) VIRTUAL,
  UNIQUE ("Pnr")
);

CREATE TABLE "Visit" (
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

CREATE TABLE "Note" (
  "Id" INTEGER PRIMARY KEY AUTOINCREMENT,
  "VisitNo" INTEGER,
  "VisitYear" INTEGER,
  "ThreadId" INTEGER,
  "Body" TEXT,
  FOREIGN KEY ("ThreadId") REFERENCES "Note" ("Id"),
  FOREIGN KEY ("VisitYear", "VisitNo") REFERENCES "Visit" ("Year", "No")
);

CREATE TABLE "Outbox" (
  "Id" INTEGER PRIMARY KEY,
  "Line" TEXT
);

CREATE TABLE "Referral" (
  "Id" INTEGER PRIMARY KEY,
  "FromUnitId" INTEGER,
  "ToUnitId" INTEGER,
  "Text" TEXT,
  FOREIGN KEY ("FromUnitId") REFERENCES "Unit" ("Id"),
  FOREIGN KEY ("ToUnitId") REFERENCES "Unit" ("Id")
);

CREATE INDEX "VisitByPatient" ON "Visit" (PatientId);

