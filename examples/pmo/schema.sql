-- The journal database of an invented Swedish region, which six care providers share.
-- SQLite. No real person, provider or unit is in what Generate puts into it.

-- National and local code systems -----------------------------------------------------------------------------------

CREATE TABLE Icd10 (
    Code TEXT PRIMARY KEY,
    Name TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE Atc (
    Code TEXT PRIMARY KEY,
    Name TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE Analysis (
    Code TEXT PRIMARY KEY,               -- NPU
    Name TEXT NOT NULL,
    Unit TEXT
) WITHOUT ROWID;

CREATE TABLE VisitType (
    Code TEXT PRIMARY KEY,
    Name TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE Role (
    Code TEXT PRIMARY KEY,
    Name TEXT NOT NULL
) WITHOUT ROWID;

-- Care providers, their secrecy areas, units and staff --------------------------------------------------------------

CREATE TABLE CareProvider (
    Id                 INTEGER PRIMARY KEY,
    HsaId              VARCHAR(31) NOT NULL UNIQUE,
    OrganisationNumber VARCHAR(10) NOT NULL,
    Name               TEXT NOT NULL
);

CREATE TABLE SecrecyArea (               -- sekretessområde
    Id             INTEGER PRIMARY KEY,
    CareProviderId INTEGER NOT NULL REFERENCES CareProvider (Id),
    Code           VARCHAR(12) NOT NULL,
    Name           TEXT NOT NULL,
    UNIQUE (CareProviderId, Code)
);

CREATE TABLE CareUnit (
    Id             INTEGER PRIMARY KEY,
    HsaId          VARCHAR(31) NOT NULL UNIQUE,
    CareProviderId INTEGER NOT NULL REFERENCES CareProvider (Id),
    SecrecyAreaId  INTEGER NOT NULL REFERENCES SecrecyArea (Id),
    ParentUnitId   INTEGER REFERENCES CareUnit (Id),
    ManagerId      INTEGER REFERENCES Staff (Id),       -- and Staff references CareUnit: a cycle of two tables
    Name           TEXT NOT NULL,
    Phone          VARCHAR(20)
);

CREATE TABLE Staff (
    Id           INTEGER PRIMARY KEY,
    HsaId        VARCHAR(31) UNIQUE,
    UserName     TEXT COLLATE NOCASE UNIQUE,            -- C821234 and c821234 are the same user
    PersonId     TEXT,
    GivenName    TEXT NOT NULL,
    FamilyName   TEXT NOT NULL,
    DisplayName  TEXT GENERATED ALWAYS AS (GivenName || ' ' || FamilyName) VIRTUAL,
    Title        TEXT,
    Email        TEXT,
    Phone        VARCHAR(20),
    PasswordHash TEXT,
    CareUnitId   INTEGER REFERENCES CareUnit (Id)       -- NULL for consultants whom the region lends out
);
CREATE INDEX StaffCareUnit ON Staff (CareUnitId);

CREATE TABLE Assignment (                -- medarbetaruppdrag
    StaffId    INTEGER NOT NULL REFERENCES Staff (Id),
    CareUnitId INTEGER NOT NULL REFERENCES CareUnit (Id),
    RoleCode   TEXT NOT NULL REFERENCES Role (Code),
    FromDate   DATE NOT NULL,
    ToDate     DATE,
    PRIMARY KEY (StaffId, CareUnitId, RoleCode)
);
CREATE INDEX AssignmentCareUnit ON Assignment (CareUnitId);

CREATE TABLE Delegation (                -- the reference's columns stand in another order than the key's
    Id            INTEGER PRIMARY KEY,
    RoleCode      TEXT NOT NULL,
    CareUnitId    INTEGER NOT NULL,
    StaffId       INTEGER NOT NULL,
    DelegatedById INTEGER REFERENCES Staff (Id),
    Task          TEXT NOT NULL,
    ValidTo       DATE NOT NULL,
    FOREIGN KEY (RoleCode, CareUnitId, StaffId) REFERENCES Assignment (RoleCode, CareUnitId, StaffId)
);
CREATE UNIQUE INDEX AssignmentByRole ON Assignment (RoleCode, CareUnitId, StaffId);

-- Patients, whom the providers share --------------------------------------------------------------------------------

CREATE TABLE Patient (
    Id           INTEGER PRIMARY KEY,
    PersonId     TEXT NOT NULL UNIQUE,
    GivenName    TEXT NOT NULL,
    FamilyName   TEXT NOT NULL,
    BirthDate    DATE NOT NULL,
    Sex          TEXT NOT NULL CHECK (Sex IN ('K', 'M')),
    Protected    BOOLEAN NOT NULL DEFAULT 0,            -- skyddade personuppgifter
    Phone        VARCHAR(20),
    Email        TEXT,
    Address      TEXT,
    PostalCode   VARCHAR(5),
    City         TEXT,
    DeceasedDate DATE
);

CREATE TABLE PatientListing (            -- the unit where a patient is listed
    PatientId  INTEGER NOT NULL REFERENCES Patient (Id),
    CareUnitId INTEGER NOT NULL REFERENCES CareUnit (Id),
    FromDate   DATE NOT NULL,
    ToDate     DATE,
    PRIMARY KEY (PatientId, CareUnitId, FromDate)
) WITHOUT ROWID;
CREATE INDEX PatientListingCareUnit ON PatientListing (CareUnitId);

CREATE TABLE Booking (
    Id         INTEGER PRIMARY KEY,
    PatientId  INTEGER NOT NULL REFERENCES Patient (Id),
    CareUnitId INTEGER NOT NULL REFERENCES CareUnit (Id),
    StaffId    INTEGER REFERENCES Staff (Id),
    StartsAt   TIMESTAMP NOT NULL,
    Minutes    INTEGER NOT NULL CHECK (Minutes > 0),
    Status     TEXT NOT NULL
);
CREATE INDEX BookingCareUnit ON Booking (CareUnitId);

-- The journal -------------------------------------------------------------------------------------------------------

CREATE TABLE Visit (
    Id            INTEGER PRIMARY KEY,
    PatientId     INTEGER NOT NULL REFERENCES Patient (Id),
    CareUnitId    INTEGER NOT NULL REFERENCES CareUnit (Id),
    SecrecyAreaId INTEGER REFERENCES SecrecyArea (Id),  -- NULL in a few rows that an old import made
    SeenById      INTEGER REFERENCES Staff (Id),
    BookingId     INTEGER REFERENCES Booking (Id),
    VisitTypeCode TEXT NOT NULL REFERENCES VisitType (Code),
    StartedAt     TIMESTAMP NOT NULL,
    EndedAt       TIMESTAMP,
    Reason        TEXT
);
CREATE INDEX VisitCareUnit ON Visit (CareUnitId);
CREATE INDEX VisitPatient ON Visit (PatientId);

CREATE TABLE Measurement (               -- no primary key, and rows may be alike
    VisitId    INTEGER NOT NULL REFERENCES Visit (Id),
    Kind       TEXT NOT NULL,
    Reading    DECIMAL(8,2) NOT NULL,
    MeasuredAt TIMESTAMP NOT NULL
);
CREATE INDEX MeasurementVisit ON Measurement (VisitId);

CREATE TABLE Note (
    Id             INTEGER PRIMARY KEY,
    VisitId        INTEGER NOT NULL REFERENCES Visit (Id),
    AuthorId       INTEGER NOT NULL REFERENCES Staff (Id),
    SignedById     INTEGER REFERENCES Staff (Id),
    CorrectsNoteId INTEGER REFERENCES Note (Id),        -- a correction points to the earlier note, which stays
    Template       TEXT NOT NULL,
    Body           TEXT NOT NULL,
    WrittenAt      TIMESTAMP NOT NULL,
    SignedAt       TIMESTAMP
);
CREATE INDEX NoteVisit ON Note (VisitId);

CREATE TABLE NoteValue (                 -- the structured part of a note
    NoteId  INTEGER NOT NULL REFERENCES Note (Id),
    Ordinal INTEGER NOT NULL,
    Keyword TEXT NOT NULL,
    Content TEXT,
    PRIMARY KEY (NoteId, Ordinal)
) WITHOUT ROWID;

CREATE TABLE Diagnosis (
    Id        INTEGER PRIMARY KEY,
    VisitId   INTEGER NOT NULL REFERENCES Visit (Id),
    Icd10Code TEXT NOT NULL REFERENCES Icd10 (Code),
    Ordinal   INTEGER NOT NULL,
    UNIQUE (VisitId, Ordinal)
);

CREATE TABLE Prescription (
    Id                 INTEGER PRIMARY KEY,
    PatientId          INTEGER NOT NULL REFERENCES Patient (Id),
    VisitId            INTEGER REFERENCES Visit (Id),   -- NULL where it was renewed by phone
    PrescribedAtUnitId INTEGER REFERENCES CareUnit (Id),
    PrescriberId       INTEGER NOT NULL REFERENCES Staff (Id),
    AtcCode            TEXT NOT NULL REFERENCES Atc (Code),
    Dosage             TEXT NOT NULL,
    PrescribedAt       TIMESTAMP NOT NULL
);
CREATE INDEX PrescriptionVisit ON Prescription (VisitId);
CREATE INDEX PrescriptionUnit ON Prescription (PrescribedAtUnitId);

CREATE TABLE LabOrder (
    Id                INTEGER PRIMARY KEY,
    RequisitionNumber VARCHAR(20) NOT NULL UNIQUE,
    VisitId           INTEGER NOT NULL REFERENCES Visit (Id),
    OrderedById       INTEGER NOT NULL REFERENCES Staff (Id),
    LaboratoryUnitId  INTEGER REFERENCES CareUnit (Id), -- often another provider's
    OrderedAt         TIMESTAMP NOT NULL
);
CREATE INDEX LabOrderVisit ON LabOrder (VisitId);

CREATE TABLE LabResult (                 -- references a UNIQUE key that is not the primary key
    Id                INTEGER PRIMARY KEY,
    RequisitionNumber VARCHAR(20) NOT NULL REFERENCES LabOrder (RequisitionNumber),
    AnalysisCode      TEXT NOT NULL REFERENCES Analysis (Code),
    Result            DECIMAL(10,2),
    Abnormal          BOOLEAN NOT NULL DEFAULT 0,
    VerifiedById      INTEGER REFERENCES Staff (Id),
    AnsweredAt        TIMESTAMP NOT NULL
);
CREATE INDEX LabResultRequisition ON LabResult (RequisitionNumber);

CREATE TABLE Referral (                  -- two foreign keys to the same parent
    Id          INTEGER PRIMARY KEY,
    PatientId   INTEGER NOT NULL REFERENCES Patient (Id),
    VisitId     INTEGER REFERENCES Visit (Id),
    FromUnitId  INTEGER REFERENCES CareUnit (Id),
    ToUnitId    INTEGER REFERENCES CareUnit (Id),
    WrittenById INTEGER REFERENCES Staff (Id),
    Question    TEXT NOT NULL,
    Answer      TEXT,
    Cancelled   INTEGER NOT NULL DEFAULT 0,
    SentAt      TIMESTAMP NOT NULL
);
CREATE INDEX ReferralFrom ON Referral (FromUnitId);
CREATE INDEX ReferralTo ON Referral (ToUnitId);

CREATE TABLE Document (
    Id         INTEGER PRIMARY KEY,
    PatientId  INTEGER NOT NULL REFERENCES Patient (Id),
    CareUnitId INTEGER NOT NULL REFERENCES CareUnit (Id),
    VisitId    INTEGER REFERENCES Visit (Id),
    Title      TEXT NOT NULL,
    MediaType  TEXT NOT NULL,
    Content    BLOB NOT NULL             -- one in a hundred is a quarter of a megabyte
);
CREATE INDEX DocumentCareUnit ON Document (CareUnitId);

-- Blocks, consents and the access log -------------------------------------------------------------------------------

CREATE TABLE Block (                     -- spärr
    Id             INTEGER PRIMARY KEY,
    PatientId      INTEGER NOT NULL REFERENCES Patient (Id),
    Type           TEXT NOT NULL,
    CareProviderId INTEGER NOT NULL REFERENCES CareProvider (Id),
    CareUnitId     INTEGER REFERENCES CareUnit (Id),
    StartDate      DATE,
    EndDate        DATE,
    CHECK (Type = 'Inner' AND CareUnitId IS NOT NULL OR Type = 'Outer' AND CareUnitId IS NULL)
);

CREATE TABLE Consent (                   -- samtycke
    Id             INTEGER PRIMARY KEY,
    PatientId      INTEGER NOT NULL REFERENCES Patient (Id),
    Type           TEXT NOT NULL CHECK (Type IN ('Consent', 'Emergency')),
    CareProviderId INTEGER NOT NULL REFERENCES CareProvider (Id),
    CareUnitId     INTEGER REFERENCES CareUnit (Id),
    StaffId        INTEGER REFERENCES Staff (Id),
    StartDate      DATE NOT NULL,
    EndDate        DATE
);

CREATE TABLE AccessLog (
    Id         INTEGER PRIMARY KEY,
    StaffId    INTEGER NOT NULL REFERENCES Staff (Id),
    CareUnitId INTEGER NOT NULL REFERENCES CareUnit (Id),
    PatientId  INTEGER REFERENCES Patient (Id),
    Activity   TEXT NOT NULL,
    Purpose    TEXT NOT NULL,
    Address    TEXT NOT NULL,            -- the network address of the client
    StartedAt  TIMESTAMP NOT NULL
);
CREATE INDEX AccessLogCareUnit ON AccessLog (CareUnitId);

-- Of the host, not of any provider ----------------------------------------------------------------------------------

CREATE TABLE EventLog (
    Id       INTEGER PRIMARY KEY,
    Host     TEXT NOT NULL,
    Severity TEXT NOT NULL,
    Message  TEXT NOT NULL,
    LoggedAt TIMESTAMP NOT NULL
);

CREATE TABLE Setting (
    Name    TEXT PRIMARY KEY,
    Content TEXT
) WITHOUT ROWID;
