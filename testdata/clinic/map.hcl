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
}
table "Visit" {
  path { via = ["UnitId"] }
}
table "Patient" {
  path {
    from = "Visit"
    via  = ["PatientId"]
  }
  column "Pnr" { mask = hash("person") }
  column "Name" { mask = partial(1, 0) }
}
table "Note" {
  path { via = ["VisitId"] }
  foreign "CorrectsId" { outside = "null" }
}
reference {
  tables = ["Icd"]
  reason = "code system"
}
excluded {
  tables = ["Log"]
  reason = "log"
}
