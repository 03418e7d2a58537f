version = 1
provider {
  table = "P"
  key   = "Id"
}
table "T00" {
  path { via = ["X"] }
  where = "\"Int\" = 1 AND Num = 1.5 AND Real < 2 AND Num >= 3"
}
table "T01" {
  path { via = ["X"] }
  where = "bool = 1 OR Bool = TRUE OR 0 = bool"
}
table "T02" {
  path { via = ["X"] }
  where = "Text LIKE 'x%' AND text IN ('a')"
}
table "T03" {
  path { via = ["X"] }
  where = "Day BETWEEN '2020-01-01' AND '2020-12-31'"
}
table "T04" {
  path { via = ["X"] }
  where = "Clock > '08:00' AND Clock < '09:00:00.5'"
}
table "T05" {
  path { via = ["X"] }
  where = "At > '2020-01-01' AND At > '2020-01-01 10:00' AND At > '2020-01-01T10:00:00.123'"
}
table "T06" {
  path { via = ["X"] }
  where = "AtZone > '2020-01-01 10:00+01:00' AND AtZone < '2020-01-01T10:00:00Z'"
}
table "T07" {
  path { via = ["X"] }
  where = "Guid <> '01234567-89AB-cdef-0123-456789abcdef'"
}
table "T08" {
  path { via = ["X"] }
  where = "Blob IS NULL AND Doc IS NOT NULL AND \"Any\" IS NULL"
}
table "T09" {
  path { via = ["X"] }
  where = "Text = Text2 AND \"Int\" = Int2"
}
table "T10" {
  path { via = ["X"] }
  where = "\"Int\" = 1.5"
}
