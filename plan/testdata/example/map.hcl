version = 1

provider {
  table = "Provider"
  key   = "HsaId"
  unit {
    table = "Unit"
    key   = "HsaId"
  }
}

table "Unit" {
  path { via = ["ProviderId"] }
  foreign "HeadId" { outside = "stub" }
}

table "Staff" {
  path { via = ["UnitId"] }
  foreign "UnitId" { outside = "null" }
  column "Name" { stub = "unknown" }
  column "Email" { mask = partial(1, 0) }
}

table "Visit" {
  path { via = ["UnitId"] }
  foreign "fk_seen" { outside = "include" }
  where = "Cancelled IS NULL OR NOT (Cancelled = 1)"
}

table "Patient" {
  path {
    from = "Visit"
    via  = ["PatientId"]
  }
  column "Name" { mask = redact }
}

table "Note" {
  match = "any"
  path "visit" { via = ["VisitNo", "VisitYear"] }
  path "thread" { via = ["ThreadId"] }
  foreign "VisitYear, VisitNo" { outside = "null" }
  foreign "ThreadId" { outside = "null" }
  column "Draft" { omit = true }
  column "Body" { mask = null }
}

table "Referral" {
  match = "any"
  path "sent" { via = ["FromUnitId"] }
  path "received" { via = ["ToUnitId"] }
  foreign "FromUnitId" { outside = "drop" }
  foreign "ToUnitId" { outside = "error" }
  column "Text" { mask = constant("(removed)") }
}

table "Outbox" {
  rows   = "empty"
  reason = "filled by the host"
}

reference {
  tables = ["Kind"]
  reason = "national code system"
}

excluded {
  tables = ["EventLog"]
  reason = "operational log of the host"
}
