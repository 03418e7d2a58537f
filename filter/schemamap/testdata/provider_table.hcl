version = 1
provider {
  table = "P"
  key   = "Id"
  unit {
    table = "P"
    key   = "Id"
  }
}
table "P" {
  match  = "any"
  where  = "X = 1"
  rows   = "all"
  reason = "r"
  path { via = ["X"] }
  column "Y" { keep = true }
}
excluded {
  tables = ["P"]
  reason = "r"
}
