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
}
