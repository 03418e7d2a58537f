# The same journal where a unit belongs to whom the unit above it belongs to: a table that depends on itself.
version = 1

provider {
  table = "provider"
  key   = "hsa_id"
  unit {
    table = "unit"
    key   = "hsa_id"
  }
}

table "area" {
  path { via = ["provider_id"] }
}

table "unit" {
  match = "any"
  path "owned" { via = ["provider_id"] }
  path "below" { via = ["parent_id"] }
  foreign "parent_id" { outside = "null" }
  foreign "provider_id" { outside = "null" }
}

# Authors of notes come along, from whatever unit.
table "staff" {
  path { via = ["unit_id"] }
  foreign "unit_id" { outside = "null" }
  column "name" { mask = constant("somebody") }
  column "email" { mask = partial(1, 3) }
}

# A patient belongs to no provider: visits and referrals name those that a provider sees.
table "patient" {
  match = "any"
  path "visited" {
    from = "visit"
    via  = ["patient_id"]
  }
  path "referred" {
    from = "referral"
    via  = ["patient_id"]
  }
  column "person_no" { mask = hash("person") }
  column "name" { mask = redact }
  column "phone" { mask = null }
  column "address" { omit = true }
  column "street" { omit = true } # computed from the address
}

# Unit and secrecy area must both lead to the provider.
table "visit" {
  match = "all"
  path "unit" { via = ["unit_id"] }
  path "area" { via = ["area_id"] }
}

table "note" {
  path { via = ["visit_id"] }
  foreign "author_id" { outside = "include" }
  foreign "corrects_id" { outside = "null" }
}

table "device" {
  path { via = ["unit_id"] }
  column "serial" { stub = "-" }
}

table "measurement" {
  path { via = ["visit_id"] }
  where = "kind <> 'test'"
  foreign "device_id" { outside = "stub" }
}

table "booking" {
  path { via = ["unit_id"] }
  foreign "staff_id" { outside = "drop" }
}

table "referral" {
  path { via = ["unit_id"] }
  foreign "visit_id" { outside = "error" }
}

# Names that must be quoted.
table "Lab Result" {
  path { via = ["visit id"] }
  column "Prøve [nr]" { mask = constant("-") }
}

table "order" {
  path { via = ["group"] }
}

table "interpreter" {
  rows   = "all"
  reason = "called in by everyone"
  column "phone" { mask = null }
}

table "queue" {
  rows   = "empty"
  reason = "what waits to be sent is not handed over"
}

table "draft" {
  rows   = "none"
  reason = "never signed"
}

reference {
  tables = ["icd"]
  reason = "code system"
}

excluded {
  tables = ["log"]
  reason = "operational log"
}

allowed {
  functions = ["age_years"]
  reason    = "computes from its arguments alone"
}

allowed {
  views  = ["open_code"]
  reason = "codes in use, the same for everyone"
}
