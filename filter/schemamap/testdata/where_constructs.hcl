version = 1
provider {
  table = "P"
  key   = "Id"
}
table "T00" {
  path { via = ["X"] }
  where = "NOW() = a"
}
table "T01" {
  path { via = ["X"] }
  where = "a = UPPER('x')"
}
table "T02" {
  path { via = ["X"] }
  where = "EXISTS (SELECT 1 FROM t)"
}
table "T03" {
  path { via = ["X"] }
  where = "a IN (SELECT 1)"
}
table "T04" {
  path { via = ["X"] }
  where = "CASE WHEN a = 1 THEN 1 END = 1"
}
table "T05" {
  path { via = ["X"] }
  where = "a IS TRUE"
}
table "T06" {
  path { via = ["X"] }
  where = "a IS NOT FALSE"
}
table "T07" {
  path { via = ["X"] }
  where = "a IS UNKNOWN"
}
table "T08" {
  path { via = ["X"] }
  where = "a IS 1"
}
table "T09" {
  path { via = ["X"] }
  where = "a XOR b"
}
table "T10" {
  path { via = ["X"] }
  where = "! a"
}
table "T11" {
  path { via = ["X"] }
  where = "a <=> 1"
}
table "T12" {
  path { via = ["X"] }
  where = "a == 1"
}
table "T13" {
  path { via = ["X"] }
  where = "a || b = 'x'"
}
table "T14" {
  path { via = ["X"] }
  where = "a && b"
}
table "T15" {
  path { via = ["X"] }
  where = "a REGEXP 'x'"
}
table "T16" {
  path { via = ["X"] }
  where = "a RLIKE 'x'"
}
table "T17" {
  path { via = ["X"] }
  where = "a ILIKE 'x'"
}
table "T18" {
  path { via = ["X"] }
  where = "a LIKE 'x' ESCAPE '!'"
}
table "T19" {
  path { via = ["X"] }
  where = "a DIV 2 = 1"
}
table "T20" {
  path { via = ["X"] }
  where = "a % 2 = 0"
}
table "T21" {
  path { via = ["X"] }
  where = "a * 2 = 4"
}
table "T22" {
  path { via = ["X"] }
  where = "a + 1 = 2"
}
table "T23" {
  path { via = ["X"] }
  where = "a - 1 = 2"
}
table "T24" {
  path { via = ["X"] }
  where = "a = -b"
}
table "T25" {
  path { via = ["X"] }
  where = "a = +1"
}
table "T26" {
  path { via = ["X"] }
  where = "a = - 1 AND b = -1.5"
}
table "T27" {
  path { via = ["X"] }
  where = "(a, b) = (1, 2)"
}
table "T28" {
  path { via = ["X"] }
  where = "ROW(a, b) = ROW(1, 2)"
}
table "T29" {
  path { via = ["X"] }
  where = "t.a = 1"
}
table "T30" {
  path { via = ["X"] }
  where = "dbo.t.a = 1"
}
table "T31" {
  path { via = ["X"] }
  where = "a = b = c"
}
table "T32" {
  path { via = ["X"] }
  where = "a = (b = c)"
}
table "T33" {
  path { via = ["X"] }
  where = "(a = 1) = TRUE"
}
table "T34" {
  path { via = ["X"] }
  where = "a COLLATE x = 'y'"
}
table "T35" {
  path { via = ["X"] }
  where = "a = _utf8'x'"
}
table "T36" {
  path { via = ["X"] }
  where = "a = N'x'"
}
table "T37" {
  path { via = ["X"] }
  where = "a = X'41'"
}
table "T38" {
  path { via = ["X"] }
  where = "a = DATE '2020-01-01'"
}
table "T39" {
  path { via = ["X"] }
  where = "a = TIMESTAMP'2020-01-01'"
}
table "T40" {
  path { via = ["X"] }
  where = "a BETWEEN 1 AND 2 AND 3"
}
table "T41" {
  path { via = ["X"] }
  where = "a = 1 AND b"
}
table "T42" {
  path { via = ["X"] }
  where = "TRUE"
}
table "T43" {
  path { via = ["X"] }
  where = "a"
}
table "T44" {
  path { via = ["X"] }
  where = "NOT a"
}
table "T45" {
  path { via = ["X"] }
  where = "1"
}
table "T46" {
  path { via = ["X"] }
  where = "a IN (b)"
}
table "T47" {
  path { via = ["X"] }
  where = "a IN (1, b)"
}
table "T48" {
  path { via = ["X"] }
  where = "1 IN (a)"
}
table "T49" {
  path { via = ["X"] }
  where = "1 BETWEEN a AND b"
}
table "T50" {
  path { via = ["X"] }
  where = "'x' LIKE 'y'"
}
table "T51" {
  path { via = ["X"] }
  where = "1 IS NULL"
}
table "T52" {
  path { via = ["X"] }
  where = "1 = 1"
}
table "T53" {
  path { via = ["X"] }
  where = "'a' = 'a'"
}
table "T54" {
  path { via = ["X"] }
  where = "TRUE = FALSE"
}
table "T55" {
  path { via = ["X"] }
  where = "a LIKE b"
}
table "T56" {
  path { via = ["X"] }
  where = "a LIKE 5"
}
table "T57" {
  path { via = ["X"] }
  where = "a LIKE 'x\\'"
}
table "T58" {
  path { via = ["X"] }
  where = "a LIKE 'x\\n'"
}
table "T59" {
  path { via = ["X"] }
  where = "a = ANY (1)"
}
table "T60" {
  path { via = ["X"] }
  where = "INTERVAL 1 DAY = a"
}
table "T61" {
  path { via = ["X"] }
  where = "User = 'x'"
}
table "T62" {
  path { via = ["X"] }
  where = "a > ALL (1)"
}
table "T63" {
  path { via = ["X"] }
  where = "a MEMBER OF ('[]')"
}
table "T64" {
  path { via = ["X"] }
  where = "a SOUNDS LIKE 'x'"
}
table "T65" {
  path { via = ["X"] }
  where = "a NOTNULL"
}
table "T66" {
  path { via = ["X"] }
  where = "a ISNULL"
}
table "T67" {
  path { via = ["X"] }
  where = "a -> 'x' = 1"
}
table "T68" {
  path { via = ["X"] }
  where = "a ~ 'x'"
}
table "T69" {
  path { via = ["X"] }
  where = "a LIKE TRUE"
}
table "T70" {
  path { via = ["X"] }
  where = "IF(a, 1, 2) = 1"
}
table "T71" {
  path { via = ["X"] }
  where = "a IN (1, NOT b)"
}
table "T72" {
  path { via = ["X"] }
  where = "(a, 1) = 1"
}
table "T73" {
  path { via = ["X"] }
  where = "a AND (b, c)"
}
