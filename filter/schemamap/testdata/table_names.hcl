version = 1
provider {
  table = "P"
  key   = "Id"
}
table "" {
  path { via = ["X"] }
}
table "a..b" {
  path { via = ["X"] }
}
table "a.b.c" {
  path { via = ["X"] }
}
table ".a" {
  path { via = ["X"] }
}
table "a." {
  path { via = ["X"] }
}
table "[a" {
  path { via = ["X"] }
}
table "[a]b" {
  path { via = ["X"] }
}
table "a]" {
  path { via = ["X"] }
}
table " a" {
  path { via = ["X"] }
}
table "[]" {
  path { via = ["X"] }
}
table "a\nb" {
  path { via = ["X"] }
}
table "\"a" {
  path { via = ["X"] }
}
reference {
  tables = ["x.y.z"]
  reason = "r"
}
