-- title: EXPLAIN
EXPLAIN SELECT id FROM unit
----
refused UR005 at 1:1-8: only a SELECT is read here
  hint: write a SELECT

-- title: PREPARE
PREPARE q FROM 'SELECT id FROM unit'
----
refused UR005 at 1:1-8: only a SELECT is read here
  hint: write a SELECT

-- title: EXECUTE
EXECUTE q
----
refused UR005 at 1:1-8: only a SELECT is read here
  hint: write a SELECT
