version = 1
provider {
  table = "provider"
  key   = "hsaid"
}
table "unit" {
  path { via = ["provider_id"] }
  foreign "parent_id" { outside = "null" }
}
table "clinician" {
  path { via = ["unit_id"] }
  column "title" { stub = "unknown" }
}
table "visit" {
  path { via = ["unit_id"] }
  foreign "clinician_id" { outside = "stub" }
}
table "patient" {
  path {
    from = "visit"
    via  = ["patient_id"]
  }
  column "pnr" { mask = hash("person") }
  column "name" { mask = partial(1, 0) }
  column "address" { omit = true }
}
table "note" {
  path { via = ["visit_id"] }
  foreign "corrects_id" { outside = "null" }
}
table "icd" {
  rows   = "all"
  reason = "code system"
  column "editor" { mask = null() }
}
table "inbox" {
  rows   = "empty"
  reason = "every copy begins with an empty one"
}
excluded {
  tables = ["payroll"]
  reason = "wages"
}
allowed {
  views  = ["icd_titles"]
  reason = "code system"
}
