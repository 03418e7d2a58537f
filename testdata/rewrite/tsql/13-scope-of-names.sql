-- title: forward reference
WITH a AS (SELECT id FROM b), b AS (SELECT id FROM unit) SELECT id FROM a
----
refused UR022 at 1:27-28: a common table expression of this name is defined further on
  hint: give each common table expression a name of its own, before its use

-- title: forward reference to a name that is a table too
WITH a AS (SELECT id FROM area), area AS (SELECT 1 AS id) SELECT a.id FROM a, area
----
refused UR022 at 1:27-31: a common table expression of this name is defined further on
  hint: give each common table expression a name of its own, before its use

-- title: defined twice
WITH w AS (SELECT id FROM unit), w AS (SELECT id FROM area) SELECT id FROM w
----
refused UR022 at 1:34-35: two common table expressions of one name
  hint: give each common table expression a name of its own, before its use
