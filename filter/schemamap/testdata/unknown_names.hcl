versoin = 1
version = 1
teble "A" {}
table = "B"
strict { }
xyzzy "q" {}
provider {
  tabel = "P"
  table = "P"
  key   = "Id"
  units {}
  unit = "U"
}
table "C" {
  paths {}
  path {
    via  = ["X"]
    form = "D"
    unrelated_thing = 1
  }
  foreign "X" { outsied = "null" }
  column "Y" { masc = null }
}
reference {
  table  = ["R"]
  tables = ["R"]
  reason = "codes"
}
