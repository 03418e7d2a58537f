-- title: EXPLAIN
EXPLAIN SELECT id FROM unit
----
refused UR005 at 1:1-1: only a SELECT is read, and this begins with EXPLAIN
  hint: write a SELECT

-- title: PREPARE
EXPLAIN QUERY PLAN SELECT id FROM unit
----
refused UR005 at 1:1-1: only a SELECT is read, and this begins with EXPLAIN
  hint: write a SELECT
