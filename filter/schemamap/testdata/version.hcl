version = 2
provider {
  table = "P"
  key   = "Id"
}
