version = 1
provider {
  table = "P"
  key   = "Id"
}
table "T00" {
  path { via = ["X"] }
  where = "Inte = 1"
}
table "T01" {
  path { via = ["X"] }
  where = "Zzzzzz = 1 OR Qqqqqq IS NULL"
}
table "T02" {
  path { via = ["X"] }
  where = "\"Int\" = '1'"
}
table "T03" {
  path { via = ["X"] }
  where = "\"Int\" = TRUE"
}
table "T04" {
  path { via = ["X"] }
  where = "Num = 'x'"
}
table "T05" {
  path { via = ["X"] }
  where = "Real IN (1, 'x')"
}
table "T06" {
  path { via = ["X"] }
  where = "Text = 1"
}
table "T07" {
  path { via = ["X"] }
  where = "Text IN ('a', 1, TRUE)"
}
table "T08" {
  path { via = ["X"] }
  where = "Bool = 2"
}
table "T09" {
  path { via = ["X"] }
  where = "Bool = 'true'"
}
table "T10" {
  path { via = ["X"] }
  where = "Day = 20200101"
}
table "T11" {
  path { via = ["X"] }
  where = "Day = '2020-1-1'"
}
table "T12" {
  path { via = ["X"] }
  where = "Day = '2020-02-30'"
}
table "T13" {
  path { via = ["X"] }
  where = "Day = '20200101'"
}
table "T14" {
  path { via = ["X"] }
  where = "Clock = '8:00'"
}
table "T15" {
  path { via = ["X"] }
  where = "Clock = '24:00'"
}
table "T16" {
  path { via = ["X"] }
  where = "At = '2020-01-01T10:00:00Z'"
}
table "T17" {
  path { via = ["X"] }
  where = "At = '2020-01-01T10:00:00.12345678'"
}
table "T18" {
  path { via = ["X"] }
  where = "At3 = '2020-01-01T10:00:00.1234'"
}
table "T19" {
  path { via = ["X"] }
  where = "AtZone = '2020-01-01T10:00:00'"
}
table "T20" {
  path { via = ["X"] }
  where = "AtZone = '2020-01-01'"
}
table "T21" {
  path { via = ["X"] }
  where = "At = '2020-01-01T10:00:00,5'"
}
table "T22" {
  path { via = ["X"] }
  where = "Guid = 'x'"
}
table "T23" {
  path { via = ["X"] }
  where = "Guid = '01234567-89ab-cdef-0123-456789abcdeg'"
}
table "T24" {
  path { via = ["X"] }
  where = "Guid = 1"
}
table "T25" {
  path { via = ["X"] }
  where = "Guid > '01234567-89ab-cdef-0123-456789abcdef'"
}
table "T26" {
  path { via = ["X"] }
  where = "Bool < TRUE"
}
table "T27" {
  path { via = ["X"] }
  where = "Bool BETWEEN FALSE AND TRUE"
}
table "T28" {
  path { via = ["X"] }
  where = "Blob = 'x'"
}
table "T29" {
  path { via = ["X"] }
  where = "Doc LIKE 'x'"
}
table "T30" {
  path { via = ["X"] }
  where = "Markup IN ('x')"
}
table "T31" {
  path { via = ["X"] }
  where = "\"Any\" = 1"
}
table "T32" {
  path { via = ["X"] }
  where = "Blob = Blob"
}
table "T33" {
  path { via = ["X"] }
  where = "\"Int\" LIKE '1%'"
}
table "T34" {
  path { via = ["X"] }
  where = "Day LIKE '2020%'"
}
table "T35" {
  path { via = ["X"] }
  where = "\"Int\" = Num"
}
table "T36" {
  path { via = ["X"] }
  where = "Text = Text3"
}
table "T37" {
  path { via = ["X"] }
  where = "Text BETWEEN 'a' AND Text3"
}
table "T38" {
  path { via = ["X"] }
  where = "Day = At"
}
table "T39" {
  path { via = ["X"] }
  where = "1 = Nope"
}
table "T40" {
  path { via = ["X"] }
  where = "Nope = Nada"
}
table "T41" {
  path { via = ["X"] }
  where = "Guid = Guid2 AND Guid < Guid2"
}
table "T42" {
  path { via = ["X"] }
  where = "At = '0000-01-01'"
}
