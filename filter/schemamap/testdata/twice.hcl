version = 1
provider {
  table = "P"
  key   = "Id"
}
provider {
  table = "Q"
  key   = "Id"
  unit {
    table = "U"
    key   = "Id"
  }
  unit {
    table = "U"
    key   = "Id"
  }
}
table "A" {
  match = "any"
  path "p" { via = ["X"] }
  path "p" { via = ["Y"] }
  foreign "X" { outside = "null" }
  foreign "X" { outside = "stub" }
  column "C" { keep = true }
  column "C" { mask = null }
}
table "A" {
  path { via = ["X"] }
}
table "dbo.B" {
  rows   = "all"
  reason = "codes"
}
reference {
  tables = ["dbo.B", "D", "D", "[A]"]
  reason = "codes"
}
excluded {
  tables = ["D", "E"]
  reason = "logs"
}
