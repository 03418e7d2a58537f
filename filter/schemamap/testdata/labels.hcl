version = 1
provider {
  table = "P"
  key   = "Id"
}
provider "x" {
  table = "P"
  key   = "Id"
}
table {
  path { via = ["X"] }
}
table "A" "B" {
  path { via = ["X"] }
}
table "C" {
  path "a" "b" { via = ["X"] }
  foreign { outside = "null" }
  column {}
}
reference "x" {
  tables = ["R"]
  reason = "codes"
}
