version = 1
provider {
  table = "P"
  key   = "Id"
}
table "A" {
  path {
    via  = ["X"]
    null = "include"
  }
}
table "B" {
  match = "any"
  path {
    via    = ["X"]
    null   = "include"
    reason = " \n "
  }
  path {
    via    = ["Y"]
    reason = "needless"
    shared = ""
  }
  reason = "needless"
}
table "C" { rows = "none" }
table "D" {
  rows   = "all"
  reason = ""
}
reference { tables = ["R"] }
excluded {
  tables = ["S"]
  reason = "  "
}
table "P" { reason = "needless" }
