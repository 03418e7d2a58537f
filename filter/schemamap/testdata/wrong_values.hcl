version = "1"
strict  = "yes"
provider {
  table = P
  key   = 1
  unit {
    table = "${u}"
    key   = upper("Id")
  }
}
table "A" {
  match = any
  path {
    via        = "X"
    constraint = null
  }
  path {
    via  = [X, 1, "a${1}", ["Y"], "ok"]
    null = true
  }
  column "B" { keep = false }
  column "C" { omit = "true" }
  column "D" { stub = ["x"] }
  column "E" { stub = -"x" }
  column "F" { stub = true ? 1 : 2 }
  column "G" { stub = "%{if true}x%{endif}" }
  where = 1 == 1
}
table "H" {
  rows   = "all"
  reason = [for x in [1]: x]
}
