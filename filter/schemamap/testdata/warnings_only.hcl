version = 1
provider {
  table = "P"
  key   = "Id"
}
table "B" {
  match = "all"
  path { via = ["X"] }
}
