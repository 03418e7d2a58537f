-- title: forward reference
WITH a AS (SELECT id FROM b), b AS (SELECT id FROM unit) SELECT id FROM a
----
refused UR022 at 1:27-28: the common table expression "b" is defined after this
  hint: give each common table expression a name of its own, before its use

-- title: forward reference to a name that is a table too
WITH a AS (SELECT id FROM area), area AS (SELECT 1 AS id) SELECT a.id FROM a, area
----
refused UR022 at 1:27-31: the common table expression "area" is defined after this
  hint: give each common table expression a name of its own, before its use

-- title: one name in two scopes
WITH w AS (SELECT id FROM unit) SELECT x.id FROM w JOIN (WITH w AS (SELECT id FROM area) SELECT id FROM w) AS x ON x.id = w.id
----
refused UR022 at 1:63-64: WITH inside a query, where servers don't agree about what its names stand for
  hint: give each common table expression a name of its own, before its use

-- title: defined twice
WITH w AS (SELECT id FROM unit), w AS (SELECT id FROM area) SELECT id FROM w
----
refused UR022 at 1:34-35: two common table expressions named "w"
  hint: give each common table expression a name of its own, before its use
