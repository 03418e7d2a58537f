-- title: EXPLAIN
EXPLAIN SELECT id FROM unit
----
refused UR005 at 1:1-8: the statement is not a SELECT
  hint: write a SELECT

-- title: PREPARE
PREPARE q AS SELECT id FROM unit
----
refused UR005 at 1:1-8: the statement is not a SELECT
  hint: write a SELECT

-- title: EXECUTE
EXECUTE q
----
refused UR005 at 1:1-8: the statement is not a SELECT
  hint: write a SELECT
