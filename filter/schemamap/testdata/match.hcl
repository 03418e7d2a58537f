version = 1
provider {
  table = "P"
  key   = "Id"
}
table "A" {
  path { via = ["X"] }
  path { via = ["Y"] }
}
table "B" {
  match = "all"
  path { via = ["X"] }
}
