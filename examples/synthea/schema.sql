-- The eighteen tables of Synthea's CSV export, with the names of its files and columns.
--
-- Only what the export keeps to is a key here. Three columns look like references and are not: claims'
-- PRIMARYPATIENTINSURANCEID and SECONDARYPATIENTINSURANCEID hold a payer, or 0 for none; claims' REFERRINGPROVIDERID
-- was never seen filled. The tables of clinical events have no key of their own, and rows may be alike.

CREATE TABLE organizations (
    Id          UUID PRIMARY KEY NOT NULL,
    NAME        TEXT NOT NULL,
    ADDRESS     TEXT,
    CITY        TEXT,
    STATE       TEXT,
    ZIP         TEXT,
    LAT         DOUBLE,
    LON         DOUBLE,
    PHONE       TEXT,
    REVENUE     DECIMAL(16,2),
    UTILIZATION INTEGER
);

CREATE TABLE payers (
    Id                      UUID PRIMARY KEY NOT NULL,
    NAME                    TEXT NOT NULL,
    ADDRESS                 TEXT,
    CITY                    TEXT,
    STATE_HEADQUARTERED     TEXT,
    ZIP                     TEXT,
    PHONE                   TEXT,
    AMOUNT_COVERED          DECIMAL(16,2),
    AMOUNT_UNCOVERED        DECIMAL(16,2),
    REVENUE                 DECIMAL(16,2),
    COVERED_ENCOUNTERS      INTEGER,
    UNCOVERED_ENCOUNTERS    INTEGER,
    COVERED_MEDICATIONS     INTEGER,
    UNCOVERED_MEDICATIONS   INTEGER,
    COVERED_PROCEDURES      INTEGER,
    UNCOVERED_PROCEDURES    INTEGER,
    COVERED_IMMUNIZATIONS   INTEGER,
    UNCOVERED_IMMUNIZATIONS INTEGER,
    UNIQUE_CUSTOMERS        INTEGER,
    QOLS_AVG                DOUBLE,      -- NaN in the export, for a payer without customers, is NULL here
    MEMBER_MONTHS           INTEGER
);

CREATE TABLE providers (                 -- clinicians; what design.md calls a care provider is an organization here
    Id           UUID PRIMARY KEY NOT NULL,
    ORGANIZATION UUID NOT NULL REFERENCES organizations (Id),
    NAME         TEXT NOT NULL,
    GENDER       TEXT,
    SPECIALITY   TEXT,
    ADDRESS      TEXT,
    CITY         TEXT,
    STATE        TEXT,
    ZIP          TEXT,
    LAT          DOUBLE,
    LON          DOUBLE,
    UTILIZATION  INTEGER
);

CREATE TABLE patients (
    Id                  UUID PRIMARY KEY NOT NULL,
    BIRTHDATE           DATE NOT NULL,
    DEATHDATE           DATE,
    SSN                 TEXT NOT NULL,
    DRIVERS             TEXT,
    PASSPORT            TEXT,
    PREFIX              TEXT,
    FIRST               TEXT NOT NULL,
    LAST                TEXT NOT NULL,
    SUFFIX              TEXT,
    MAIDEN              TEXT,
    MARITAL             TEXT,
    RACE                TEXT,
    ETHNICITY           TEXT,
    GENDER              TEXT,
    BIRTHPLACE          TEXT,
    ADDRESS             TEXT,
    CITY                TEXT,
    STATE               TEXT,
    COUNTY              TEXT,
    ZIP                 TEXT,
    LAT                 DOUBLE,
    LON                 DOUBLE,
    HEALTHCARE_EXPENSES DOUBLE,          -- not rounded in the export
    HEALTHCARE_COVERAGE DOUBLE
);

CREATE TABLE encounters (
    Id                  UUID PRIMARY KEY NOT NULL,
    START               TIMESTAMPTZ NOT NULL,
    STOP                TIMESTAMPTZ,
    PATIENT             UUID NOT NULL REFERENCES patients (Id),
    ORGANIZATION        UUID NOT NULL REFERENCES organizations (Id),
    PROVIDER            UUID NOT NULL REFERENCES providers (Id),
    PAYER               UUID NOT NULL REFERENCES payers (Id),
    ENCOUNTERCLASS      TEXT NOT NULL,
    CODE                TEXT NOT NULL,
    DESCRIPTION         TEXT NOT NULL,
    BASE_ENCOUNTER_COST DECIMAL(16,2),
    TOTAL_CLAIM_COST    DECIMAL(16,2),
    PAYER_COVERAGE      DECIMAL(16,2),
    REASONCODE          TEXT,
    REASONDESCRIPTION   TEXT
);
CREATE INDEX encounters_organization ON encounters (ORGANIZATION);
CREATE INDEX encounters_patient ON encounters (PATIENT);

CREATE TABLE allergies (
    START        DATE NOT NULL,
    STOP         DATE,
    PATIENT      UUID NOT NULL REFERENCES patients (Id),
    ENCOUNTER    UUID NOT NULL REFERENCES encounters (Id),
    CODE         TEXT NOT NULL,
    SYSTEM       TEXT,
    DESCRIPTION  TEXT NOT NULL,
    TYPE         TEXT,
    CATEGORY     TEXT,
    REACTION1    TEXT,
    DESCRIPTION1 TEXT,
    SEVERITY1    TEXT,
    REACTION2    TEXT,
    DESCRIPTION2 TEXT,
    SEVERITY2    TEXT
);

CREATE TABLE careplans (
    Id                UUID PRIMARY KEY NOT NULL,
    START             DATE NOT NULL,
    STOP              DATE,
    PATIENT           UUID NOT NULL REFERENCES patients (Id),
    ENCOUNTER         UUID NOT NULL REFERENCES encounters (Id),
    CODE              TEXT NOT NULL,
    DESCRIPTION       TEXT NOT NULL,
    REASONCODE        TEXT,
    REASONDESCRIPTION TEXT
);

CREATE TABLE conditions (
    START       DATE NOT NULL,
    STOP        DATE,
    PATIENT     UUID NOT NULL REFERENCES patients (Id),
    ENCOUNTER   UUID NOT NULL REFERENCES encounters (Id),
    CODE        TEXT NOT NULL,
    DESCRIPTION TEXT NOT NULL
);

CREATE TABLE devices (
    START       TIMESTAMPTZ NOT NULL,
    STOP        TIMESTAMPTZ,
    PATIENT     UUID NOT NULL REFERENCES patients (Id),
    ENCOUNTER   UUID NOT NULL REFERENCES encounters (Id),
    CODE        TEXT NOT NULL,
    DESCRIPTION TEXT NOT NULL,
    UDI         TEXT NOT NULL
);

CREATE TABLE imaging_studies (
    Id                   UUID NOT NULL, -- a study has a row for each image
    DATE                 TIMESTAMPTZ NOT NULL,
    PATIENT              UUID NOT NULL REFERENCES patients (Id),
    ENCOUNTER            UUID NOT NULL REFERENCES encounters (Id),
    SERIES_UID           TEXT NOT NULL,
    BODYSITE_CODE        TEXT NOT NULL,
    BODYSITE_DESCRIPTION TEXT NOT NULL,
    MODALITY_CODE        TEXT NOT NULL,
    MODALITY_DESCRIPTION TEXT NOT NULL,
    INSTANCE_UID         TEXT NOT NULL,
    SOP_CODE             TEXT NOT NULL,
    SOP_DESCRIPTION      TEXT NOT NULL,
    PROCEDURE_CODE       TEXT
);

CREATE TABLE immunizations (
    DATE        TIMESTAMPTZ NOT NULL,
    PATIENT     UUID NOT NULL REFERENCES patients (Id),
    ENCOUNTER   UUID NOT NULL REFERENCES encounters (Id),
    CODE        TEXT NOT NULL,
    DESCRIPTION TEXT NOT NULL,
    BASE_COST   DECIMAL(16,2)
);

CREATE TABLE medications (
    START             TIMESTAMPTZ NOT NULL,
    STOP              TIMESTAMPTZ,
    PATIENT           UUID NOT NULL REFERENCES patients (Id),
    PAYER             UUID NOT NULL REFERENCES payers (Id),
    ENCOUNTER         UUID NOT NULL REFERENCES encounters (Id),
    CODE              TEXT NOT NULL,
    DESCRIPTION       TEXT NOT NULL,
    BASE_COST         DECIMAL(16,2),
    PAYER_COVERAGE    DECIMAL(16,2),
    DISPENSES         INTEGER,
    TOTALCOST         DECIMAL(16,2),
    REASONCODE        TEXT,
    REASONDESCRIPTION TEXT
);

CREATE TABLE observations (
    DATE        TIMESTAMPTZ NOT NULL,
    PATIENT     UUID NOT NULL REFERENCES patients (Id),
    ENCOUNTER   UUID REFERENCES encounters (Id), -- empty for what is computed of a whole life (QALY, DALY)
    CATEGORY    TEXT,
    CODE        TEXT NOT NULL,
    DESCRIPTION TEXT NOT NULL,
    VALUE       TEXT,
    UNITS       TEXT,
    TYPE        TEXT NOT NULL
);

CREATE TABLE procedures (
    START             TIMESTAMPTZ NOT NULL,
    STOP              TIMESTAMPTZ,
    PATIENT           UUID NOT NULL REFERENCES patients (Id),
    ENCOUNTER         UUID NOT NULL REFERENCES encounters (Id),
    CODE              TEXT NOT NULL,
    DESCRIPTION       TEXT NOT NULL,
    BASE_COST         DECIMAL(16,2),
    REASONCODE        TEXT,
    REASONDESCRIPTION TEXT
);

CREATE TABLE supplies (
    DATE        DATE NOT NULL,
    PATIENT     UUID NOT NULL REFERENCES patients (Id),
    ENCOUNTER   UUID NOT NULL REFERENCES encounters (Id),
    CODE        TEXT NOT NULL,
    DESCRIPTION TEXT NOT NULL,
    QUANTITY    INTEGER NOT NULL
);

CREATE TABLE payer_transitions (
    PATIENT         UUID NOT NULL REFERENCES patients (Id),
    MEMBERID        UUID,
    START_YEAR      TIMESTAMPTZ NOT NULL,
    END_YEAR        TIMESTAMPTZ NOT NULL,
    PAYER           UUID NOT NULL REFERENCES payers (Id),
    SECONDARY_PAYER UUID REFERENCES payers (Id),
    OWNERSHIP       TEXT,
    OWNERNAME       TEXT
);

CREATE TABLE claims (
    Id                          UUID PRIMARY KEY NOT NULL,
    PATIENTID                   UUID NOT NULL REFERENCES patients (Id),
    PROVIDERID                  UUID NOT NULL REFERENCES providers (Id),
    PRIMARYPATIENTINSURANCEID   TEXT,
    SECONDARYPATIENTINSURANCEID TEXT,
    DEPARTMENTID                INTEGER,
    PATIENTDEPARTMENTID         INTEGER,
    DIAGNOSIS1                  TEXT,
    DIAGNOSIS2                  TEXT,
    DIAGNOSIS3                  TEXT,
    DIAGNOSIS4                  TEXT,
    DIAGNOSIS5                  TEXT,
    DIAGNOSIS6                  TEXT,
    DIAGNOSIS7                  TEXT,
    DIAGNOSIS8                  TEXT,
    REFERRINGPROVIDERID         TEXT,
    APPOINTMENTID               UUID NOT NULL REFERENCES encounters (Id), -- the encounter that is claimed for
    CURRENTILLNESSDATE          TIMESTAMPTZ,
    SERVICEDATE                 TIMESTAMPTZ,
    SUPERVISINGPROVIDERID       UUID REFERENCES providers (Id),
    STATUS1                     TEXT,
    STATUS2                     TEXT,
    STATUSP                     TEXT,
    OUTSTANDING1                DECIMAL(16,2),
    OUTSTANDING2                DECIMAL(16,2),
    OUTSTANDINGP                DECIMAL(16,2),
    LASTBILLEDDATE1             TIMESTAMPTZ,
    LASTBILLEDDATE2             TIMESTAMPTZ,
    LASTBILLEDDATEP             TIMESTAMPTZ,
    HEALTHCARECLAIMTYPEID1      INTEGER,
    HEALTHCARECLAIMTYPEID2      INTEGER
);
CREATE INDEX claims_appointment ON claims (APPOINTMENTID);

CREATE TABLE claims_transactions (
    ID                    UUID PRIMARY KEY NOT NULL,
    CLAIMID               UUID NOT NULL REFERENCES claims (Id),
    CHARGEID              INTEGER NOT NULL UNIQUE,
    PATIENTID             UUID NOT NULL REFERENCES patients (Id),
    TYPE                  TEXT NOT NULL,
    AMOUNT                DECIMAL(16,2),
    METHOD                TEXT,
    FROMDATE              TIMESTAMPTZ,
    TODATE                TIMESTAMPTZ,
    PLACEOFSERVICE        UUID REFERENCES organizations (Id),
    PROCEDURECODE         TEXT,
    MODIFIER1             TEXT,
    MODIFIER2             TEXT,
    DIAGNOSISREF1         INTEGER,
    DIAGNOSISREF2         INTEGER,
    DIAGNOSISREF3         INTEGER,
    DIAGNOSISREF4         INTEGER,
    UNITS                 INTEGER,
    DEPARTMENTID          INTEGER,
    NOTES                 TEXT,
    UNITAMOUNT            DECIMAL(16,2),
    TRANSFEROUTID         INTEGER REFERENCES claims_transactions (CHARGEID), -- the charge that is passed on
    TRANSFERTYPE          TEXT,
    PAYMENTS              DECIMAL(16,2),
    ADJUSTMENTS           DECIMAL(16,2),
    TRANSFERS             DECIMAL(16,2),
    OUTSTANDING           DECIMAL(16,2),
    APPOINTMENTID         UUID NOT NULL REFERENCES encounters (Id),
    LINENOTE              TEXT,
    PATIENTINSURANCEID    UUID REFERENCES patients (Id), -- the patient in the part of the insured, where there is one
    FEESCHEDULEID         INTEGER,
    PROVIDERID            UUID NOT NULL REFERENCES providers (Id),
    SUPERVISINGPROVIDERID UUID REFERENCES providers (Id)
);
CREATE INDEX claims_transactions_claim ON claims_transactions (CLAIMID);
