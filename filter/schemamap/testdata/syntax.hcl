version = 1
provider {
  table = "P
}
table "A" { path { via = ["X"] }
