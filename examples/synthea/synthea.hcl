# The schema map of Synthea's CSV export, as schema.sql keeps it.
#
# An organization is the care provider here, and what Synthea calls a provider is a clinician. The export was never
# meant to be divided: it has columns that sum up what all organizations did, and they would tell one of them about the
# others. They are omitted below. That kind of thing no tool can see; a map is written by someone who reads the columns.

version = 1

provider {
  table = "organizations"
  key   = "Id"
}

# --- What an organization did -----------------------------------------------------------------------------------------

table "encounters" {
  path { via = ["ORGANIZATION"] }

  # In Synthea the clinician of an encounter works at its organization, and everything that names an encounter names its
  # patient, too. The database promises neither, so each such key below says "error": if a row ever breaks the custom,
  # the run stops, and a person decides.
  foreign "PROVIDER" { outside = "error" }
}

table "providers" {
  path { via = ["ORGANIZATION"] }
}

# The patients whom its encounters name. Most are seen at two organizations or more.
table "patients" {
  path {
    from = "encounters"
    via  = ["PATIENT"]
  }
  column "SSN"        { mask = hash("ssn") }
  column "DRIVERS"    { mask = null }
  column "PASSPORT"   { mask = null }
  column "FIRST"      { mask = redact }
  column "LAST"       { mask = redact }
  column "MAIDEN"     { mask = redact }
  column "BIRTHPLACE" { mask = null }
  column "ADDRESS"    { mask = null }
  column "ZIP"        { mask = partial(3, 0) }
  column "LAT"        { omit = true }
  column "LON"        { omit = true }

  # The sums of a whole life, at every organization.
  column "HEALTHCARE_EXPENSES" { omit = true }
  column "HEALTHCARE_COVERAGE" { omit = true }
}

# --- What was found and done at an encounter --------------------------------------------------------------------------

# Each of these names a patient as well, and that is no path: it would bring what other organizations found.

table "allergies" {
  path { via = ["ENCOUNTER"] }
  foreign "PATIENT" { outside = "error" }
}

table "careplans" {
  path { via = ["ENCOUNTER"] }
  foreign "PATIENT" { outside = "error" }
}

table "conditions" {
  path { via = ["ENCOUNTER"] }
  foreign "PATIENT" { outside = "error" }
}

table "devices" {
  path { via = ["ENCOUNTER"] }
  foreign "PATIENT" { outside = "error" }
}

table "imaging_studies" {
  path { via = ["ENCOUNTER"] }
  foreign "PATIENT" { outside = "error" }
}

table "immunizations" {
  path { via = ["ENCOUNTER"] }
  foreign "PATIENT" { outside = "error" }
}

table "medications" {
  path { via = ["ENCOUNTER"] }
  foreign "PATIENT" { outside = "error" }
}

# Some observations have no encounter: quality-adjusted life years and the like, computed of a whole life. Whose they
# are nobody has said, and so they are in no organization's extract.
table "observations" {
  path { via = ["ENCOUNTER"] }
  foreign "PATIENT" { outside = "error" }
}

table "procedures" {
  path { via = ["ENCOUNTER"] }
  foreign "PATIENT" { outside = "error" }
}

table "supplies" {
  path { via = ["ENCOUNTER"] }
  foreign "PATIENT" { outside = "error" }
}

# --- What it cost -----------------------------------------------------------------------------------------------------

# Of a claim's references the appointment tells whose it is: it is the encounter, and has one organization. By the
# patient the claims of other organizations would come, too.
table "claims" {
  path { via = ["APPOINTMENTID"] }
  foreign "PATIENTID"             { outside = "error" }
  foreign "PROVIDERID"            { outside = "error" }
  foreign "SUPERVISINGPROVIDERID" { outside = "error" }
}

table "claims_transactions" {
  path { via = ["CLAIMID"] }
  foreign "PATIENTID"             { outside = "error" }
  foreign "PATIENTINSURANCEID"    { outside = "error" }
  foreign "PLACEOFSERVICE"        { outside = "error" }
  foreign "APPOINTMENTID"         { outside = "error" }
  foreign "PROVIDERID"            { outside = "error" }
  foreign "SUPERVISINGPROVIDERID" { outside = "error" }

  # A transfer names the charge that it passes on, by a key that is not the primary one, within the same claim.
  foreign "TRANSFEROUTID" { outside = "error" }
}

# A payer transition names a patient and nothing else, so that the patient, who is shared, is the only way to it. It
# is handed over for each patient seen here, all of the patient's life, whoever else the patient was seen by.
table "payer_transitions" {
  path {
    via    = ["PATIENT"]
    shared = "who insures a patient is the patient's affair, not another organization's record; each that treats the patient bills by it"
  }
  column "MEMBERID"  { mask = hash("member") } # a UUID, and its hash is another one
  column "OWNERNAME" { mask = redact }         # a relative, who may be nobody's patient
}

# --- Payers -----------------------------------------------------------------------------------------------------------

# Every payer, but only who it is: the counts and sums are of all organizations together.
table "payers" {
  rows   = "all"
  reason = "insurers, the same for everyone"
  column "AMOUNT_COVERED"          { omit = true }
  column "AMOUNT_UNCOVERED"        { omit = true }
  column "REVENUE"                 { omit = true }
  column "COVERED_ENCOUNTERS"      { omit = true }
  column "UNCOVERED_ENCOUNTERS"    { omit = true }
  column "COVERED_MEDICATIONS"     { omit = true }
  column "UNCOVERED_MEDICATIONS"   { omit = true }
  column "COVERED_PROCEDURES"      { omit = true }
  column "UNCOVERED_PROCEDURES"    { omit = true }
  column "COVERED_IMMUNIZATIONS"   { omit = true }
  column "UNCOVERED_IMMUNIZATIONS" { omit = true }
  column "UNIQUE_CUSTOMERS"        { omit = true }
  column "QOLS_AVG"                { omit = true }
  column "MEMBER_MONTHS"           { omit = true }
}
