version = 1

provider {
  table = "dbo.CareProvider"          # the anchor table
  key   = "HsaId"                     # the order supplies this value
  unit {                              # optional: lets an order narrow to units
    table = "dbo.CareUnit"
    key   = "HsaId"
  }
}

table "dbo.CareUnit" {
  path { via = ["CareProviderId"] }   # child -> parent: the row belongs where its parent belongs
}

table "dbo.Patient" {
  path {                              # parent <- child: included when an included Visit names it
    from = "dbo.Visit"
    via  = ["PatientId"]
  }
}

table "dbo.Referral" {
  match = "any"                       # "any" | "all": required as soon as there are two paths
  path "sent"     { via = ["FromUnitId"] }
  path "received" { via = ["ToUnitId"] }
  foreign "FromUnitId" { outside = "null" }
  foreign "ToUnitId"   { outside = "null" }
  where = "Cancelled = 0"             # narrows further; portable expression language
}

table "dbo.Staff" {
  match = "any"
  path { via = ["CareUnitId"] }
  path {
    from = "dbo.Visit"
    via  = ["SeenById"]
  }
  column "PasswordHash" { mask = null }
  column "Email"        { mask = partial(1, 0) }
  column "PersonId"     { mask = hash("person") }
}

reference {                           # every row of these
  tables = ["code.Icd10", "code.Atc"]
  reason = "national code systems"
}

excluded {                            # no row of these; the tables themselves are not made
  tables = ["dbo.EventLog"]
  reason = "operational log of the host"
}
