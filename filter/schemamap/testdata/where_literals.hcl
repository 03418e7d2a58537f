version = 1
provider {
  table = "P"
  key   = "Id"
}
table "T00" {
  path { via = ["X"] }
  where = "a = NULL"
}
table "T01" {
  path { via = ["X"] }
  where = "a <> NULL"
}
table "T02" {
  path { via = ["X"] }
  where = "NULL IS NULL"
}
table "T03" {
  path { via = ["X"] }
  where = "a IN (1, NULL)"
}
table "T04" {
  path { via = ["X"] }
  where = "a BETWEEN NULL AND 1"
}
table "T05" {
  path { via = ["X"] }
  where = "NOT NULL"
}
table "T06" {
  path { via = ["X"] }
  where = "a = 007"
}
table "T07" {
  path { via = ["X"] }
  where = "a = 0x1F"
}
table "T08" {
  path { via = ["X"] }
  where = "a = 0b1"
}
table "T09" {
  path { via = ["X"] }
  where = "a = 1e5"
}
table "T10" {
  path { via = ["X"] }
  where = "a = .5"
}
table "T11" {
  path { via = ["X"] }
  where = "a = 5."
}
table "T12" {
  path { via = ["X"] }
  where = "a = 1.2.3"
}
table "T13" {
  path { via = ["X"] }
  where = "a = 9223372036854775807"
}
table "T14" {
  path { via = ["X"] }
  where = "a = -9223372036854775808"
}
table "T15" {
  path { via = ["X"] }
  where = "a = 9223372036854775808"
}
table "T16" {
  path { via = ["X"] }
  where = "a = -9223372036854775809"
}
table "T17" {
  path { via = ["X"] }
  where = "a = 0.12345678901234567890123456789012345678"
}
table "T18" {
  path { via = ["X"] }
  where = "a = 1a"
}
table "T19" {
  path { via = ["X"] }
  where = "1a = 1"
}
table "T20" {
  path { via = ["X"] }
  where = "a = 1_000"
}
table "T21" {
  path { via = ["X"] }
  where = "a LIKE NULL"
}
