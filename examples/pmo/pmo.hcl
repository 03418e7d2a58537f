# The schema map of the invented journal database in schema.sql.
#
# Read it as a lesson: each block shows one question that such a database asks, and an answer to it.

version = 1

# An order names a care provider by HSA-id, and may narrow itself to some of that provider's units.
provider {
  table = "CareProvider"
  key   = "HsaId"
  unit {
    table = "CareUnit"
    key   = "HsaId"
  }
}

# --- Organisation -----------------------------------------------------------------------------------------------------

table "SecrecyArea" {
  path { via = ["CareProviderId"] }
}

table "CareUnit" {
  path { via = ["CareProviderId"] }

  # Nothing in the database says that a unit's secrecy area is its own provider's. If one is not, the run stops.
  foreign "SecrecyAreaId" { outside = "error" }

  # In an order for some units the unit above may be left out, and a manager may be lent from another provider.
  foreign "ParentUnitId" { outside = "null" }
  foreign "ManagerId"    { outside = "null" }
}

# Staff of the provider's units, whoever saw a patient there, and whoever has an assignment there. The last two may be
# employed elsewhere, so this table is shared: a path that goes up to it has to say why, and none here does.
table "Staff" {
  match = "any"
  path "employed" { via = ["CareUnitId"] }
  path "seen" {
    from = "Visit"
    via  = ["SeenById"]
  }
  path "assigned" {
    from = "Assignment"
    via  = ["StaffId"]
  }
  foreign "CareUnitId" { outside = "null" }

  # The column is collated NOCASE, and so the hash is the same however the name was typed.
  column "UserName"     { mask = hash("user") }
  # One domain for all person numbers: a doctor who is also a patient stays one person.
  column "PersonId"     { mask = hash("person") }
  column "Email"        { mask = partial(1, 0) }
  column "Phone"        { mask = null }
  column "PasswordHash" { mask = null }

  # What a stub row holds where NULL won't do. See LabOrder.
  column "GivenName"  { stub = "-" }
  column "FamilyName" { stub = "-" }
}

table "Assignment" {
  path { via = ["CareUnitId"] } # and not StaffId: the same person's assignments elsewhere are no concern of ours
}

# A foreign key over three columns, which the catalog pairs with the key's, whatever their order.
table "Delegation" {
  path { via = ["RoleCode", "CareUnitId", "StaffId"] }
  foreign "DelegatedById" { outside = "null" }
}

# --- Patients ---------------------------------------------------------------------------------------------------------

# A patient belongs to no provider: the provider's own rows name those it has to do with.
table "Patient" {
  match = "any"
  path "visited" {
    from = "Visit"
    via  = ["PatientId"]
  }
  path "listed" {
    from = "PatientListing"
    via  = ["PatientId"]
  }
  path "booked" {
    from = "Booking"
    via  = ["PatientId"]
  }
  path "referred" {
    from = "Referral"
    via  = ["PatientId"]
  }

  # This map is for statistics and follow-up: who it is doesn't matter, that it is the same person does.
  column "PersonId"   { mask = hash("person") }
  column "GivenName"  { mask = redact }
  column "FamilyName" { mask = redact }
  column "Phone"      { mask = null }
  column "Email"      { mask = partial(1, 0) }
  column "Address"    { omit = true }
  column "PostalCode" { mask = partial(3, 0) } # 58x xx: the region, not the street
  column "BirthDate"  { keep = true }          # statistics go by age
}

table "PatientListing" {
  path { via = ["CareUnitId"] }
}

table "Booking" {
  path { via = ["CareUnitId"] }
  foreign "StaffId" { outside = "null" }
}

# --- The journal ------------------------------------------------------------------------------------------------------

# A diamond: unit and secrecy area both lead to the provider. "all" means that a visit is handed over only where the two
# agree, and not where the secrecy area is unknown (NULL): nobody has said whose such a visit is.
table "Visit" {
  match = "all"
  path "unit" { via = ["CareUnitId"] }
  path "area" { via = ["SecrecyAreaId"] }
  foreign "BookingId" { outside = "null" }
}

table "Measurement" {
  path { via = ["VisitId"] }
}

table "Note" {
  path { via = ["VisitId"] }

  # A note without its author is no record: the author comes along, masked like any other.
  foreign "AuthorId"   { outside = "include" }
  foreign "SignedById" { outside = "null" }

  # A correction may point to a note of another visit, even another provider's: the patient is shared. That note is not
  # ours to hand over, so the correction stands alone.
  foreign "CorrectsNoteId" { outside = "null" }
}

table "NoteValue" {
  path { via = ["NoteId"] }
}

table "Diagnosis" {
  path { via = ["VisitId"] }
}

# Renewed by phone, a prescription has no visit; from an old system, it may have no unit. With neither, it is nobody's.
table "Prescription" {
  match = "any"
  path "visit" { via = ["VisitId"] }
  path "unit"  { via = ["PrescribedAtUnitId"] }
  foreign "VisitId"            { outside = "null" }
  foreign "PrescribedAtUnitId" { outside = "null" }
  foreign "PatientId"          { outside = "include" }
  foreign "PrescriberId"       { outside = "include" }
}

table "LabOrder" {
  path { via = ["VisitId"] }
  foreign "LaboratoryUnitId" { outside = "null" }

  # Who ordered can't be NULL, and is not needed: a stub is a row with the key, NULLs, and dummies (see Staff).
  foreign "OrderedById" { outside = "stub" }
}

# The path joins on what the foreign key references: the requisition number, not LabOrder's primary key.
table "LabResult" {
  path { via = ["RequisitionNumber"] }
  foreign "VerifiedById" { outside = "null" }
}

# A referral is both units' affair. The other unit's end is blanked where it is another provider's.
table "Referral" {
  match = "any"
  path "sent"     { via = ["FromUnitId"] }
  path "received" { via = ["ToUnitId"] }
  foreign "FromUnitId"  { outside = "null" }
  foreign "ToUnitId"    { outside = "null" }
  foreign "VisitId"     { outside = "null" }
  foreign "WrittenById" { outside = "stub" }
  where = "Cancelled = 0"
}

table "Document" {
  path { via = ["CareUnitId"] }
  foreign "VisitId"   { outside = "null" }
  foreign "PatientId" { outside = "include" }
}

# --- Blocks, consents, access log -------------------------------------------------------------------------------------

# A block on a patient who is not in the copy, or on a unit that the order left out, has nothing to act on. The unit
# can't be blanked either: a CHECK ties it to the block's type.
table "Block" {
  path { via = ["CareProviderId"] }
  foreign "PatientId"  { outside = "drop" }
  foreign "CareUnitId" { outside = "drop" }
}

table "Consent" {
  path { via = ["CareProviderId"] }
  foreign "PatientId"  { outside = "drop" }
  foreign "CareUnitId" { outside = "null" }
  foreign "StaffId"    { outside = "null" }
}

# What was done by someone who worked at the provider's units. The patient may be another provider's (sammanhållen
# journalföring): that someone was looked at then stays in the log, and who it was does not.
table "AccessLog" {
  path { via = ["CareUnitId"] }
  foreign "StaffId"   { outside = "include" }
  foreign "PatientId" { outside = "null" }
  column "Address" { omit = true }
}

# --- Tables without a provider ----------------------------------------------------------------------------------------

reference {
  tables = ["Icd10", "Atc", "Analysis", "VisitType", "Role"]
  reason = "code systems, the same for everyone"
}

table "Setting" {
  rows   = "empty"
  reason = "programs expect the table; the settings are the host's"
}

excluded {
  tables = ["EventLog"]
  reason = "operational log of the host"
}
