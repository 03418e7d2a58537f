version = 1
provider {
  table = "P"
  key   = "Id"
}
table "A" {
  rows   = "all"
  reason = "r"
  match  = "any"
  where  = "X = 1"
  path { via = ["X"] }
}
table "B" {
  rows   = "none"
  reason = "r"
  column "X" { keep = true }
  foreign "Y" { outside = "null" }
}
table "C" {}
table "D" {
  column "X" { mask = null }
}
reference {
  tables = []
  reason = "r"
}
excluded { reason = "r" }
