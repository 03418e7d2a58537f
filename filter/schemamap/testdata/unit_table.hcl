version = 1
provider {
  table = "P"
  key   = "Id"
  unit {
    table = "U"
  }
}
reference {
  tables = ["U"]
  reason = "r"
}
