version = 1
provider {
  table = "P"
  key   = "Id"
}
table "T00" {
  path { via = ["X"] }
  where = "a = 1 - -1"
}
table "T01" {
  path { via = ["X"] }
  where = "a = 1 --1"
}
table "T02" {
  path { via = ["X"] }
  where = "a = 5--1\n"
}
table "T03" {
  path { via = ["X"] }
  where = "a = 1) OR (1=1"
}
table "T04" {
  path { via = ["X"] }
  where = "1=1 UNION SELECT 1"
}
table "T05" {
  path { via = ["X"] }
  where = "a = 1 UNION SELECT b FROM c"
}
table "T06" {
  path { via = ["X"] }
  where = "a = 1 /*! OR 1=1 */"
}
table "T07" {
  path { via = ["X"] }
  where = "a = 1 /*+ x */"
}
table "T08" {
  path { via = ["X"] }
  where = "a/**/= 1"
}
table "T09" {
  path { via = ["X"] }
  where = "a = 1 # x"
}
table "T10" {
  path { via = ["X"] }
  where = "a = 'x' OR 'a'='a'"
}
table "T11" {
  path { via = ["X"] }
  where = "x' OR 'a'='a"
}
table "T12" {
  path { via = ["X"] }
  where = "a = 1; DROP TABLE t"
}
table "T13" {
  path { via = ["X"] }
  where = "`a` = 1"
}
table "T14" {
  path { via = ["X"] }
  where = "a = @x"
}
table "T15" {
  path { via = ["X"] }
  where = "a = @@version"
}
table "T16" {
  path { via = ["X"] }
  where = "a = ?"
}
table "T17" {
  path { via = ["X"] }
  where = "a = :x"
}
table "T18" {
  path { via = ["X"] }
  where = "a = $1"
}
table "T19" {
  path { via = ["X"] }
  where = "a = 'x\\' OR 1=1 -- '"
}
table "T20" {
  path { via = ["X"] }
  where = "a = \\'x\\'"
}
table "T21" {
  path { via = ["X"] }
  where = "a = 1 OR\u0000 1=1"
}
table "T22" {
  path { via = ["X"] }
  where = "[a] = 1"
}
table "T23" {
  path { via = ["X"] }
  where = "a = 1 OR b = 1"
}
table "T24" {
  path { via = ["X"] }
  where = "a = 1 ‮OR b = 1"
}
table "T25" {
  path { via = ["X"] }
  where = "a = 'x\u0007y'"
}
table "T26" {
  path { via = ["X"] }
  where = "a = 'unclosed"
}
table "T27" {
  path { via = ["X"] }
  where = "\"unclosed = 1"
}
table "T28" {
  path { via = ["X"] }
  where = "\"\" = 1"
}
table "T29" {
  path { via = ["X"] }
  where = "\"a\u0007\" = 1"
}
table "T30" {
  path { via = ["X"] }
  where = "{d '2020-01-01'} = a"
}
table "T31" {
  path { via = ["X"] }
  where = "a = 1 GROUP BY a"
}
table "T32" {
  path { via = ["X"] }
  where = "a = 1 FOR UPDATE"
}
table "T33" {
  path { via = ["X"] }
  where = "a = 1 INTO OUTFILE 'x'"
}
table "T34" {
  path { via = ["X"] }
  where = "a = 1 LIMIT 1"
}
table "T35" {
  path { via = ["X"] }
  where = "(a = 1"
}
table "T36" {
  path { via = ["X"] }
  where = "a = 1)"
}
table "T37" {
  path { via = ["X"] }
  where = "a = ((1)"
}
table "T38" {
  path { via = ["X"] }
  where = "a = 1   OR b = 2"
}
table "T39" {
  path { via = ["X"] }
  where = "a */ = 1"
}
table "T40" {
  path { via = ["X"] }
  where = "= 1"
}
table "T41" {
  path { via = ["X"] }
  where = "a = 1 b = 2"
}
table "T42" {
  path { via = ["X"] }
  where = "a = = 1"
}
table "T43" {
  path { via = ["X"] }
  where = "a ="
}
table "T44" {
  path { via = ["X"] }
  where = "  "
}
table "T45" {
  path { via = ["X"] }
  where = ""
}
table "T46" {
  path { via = ["X"] }
  where = "a IN ()"
}
table "T47" {
  path { via = ["X"] }
  where = "a = 'ab' 'c'"
}
