version = 1
provider {
  table = "P"
  key   = "Id"
}
table "A" {
  match = "anny"
  path { via = ["X"] }
  path {
    via    = ["Y"]
    null   = "inlcude"
    reason = "r"
  }
  foreign "X" { outside = "nul" }
  foreign "Y" { outside = "whatever else" }
}
table "B" {
  rows   = "Empty"
  reason = "r"
}
