-- title: INSERT
INSERT INTO unit (id) SELECT 1
----
refused UR005 at 1:1-1: only a SELECT is read, and this begins with INSERT
  hint: write a SELECT

-- title: UPDATE
UPDATE unit SET name = 'x'
----
refused UR005 at 1:1-1: only a SELECT is read, and this begins with UPDATE
  hint: write a SELECT

-- title: DELETE
DELETE FROM unit
----
refused UR005 at 1:1-1: only a SELECT is read, and this begins with DELETE
  hint: write a SELECT

-- title: DML in a common table expression
WITH d AS (DELETE FROM unit RETURNING id) SELECT id FROM d
----
refused UR003 at 1:12-18: the query can't be read at DELETE
  hint: check the query against the dialect of the database

-- title: a procedure or anonymous block
ATTACH DATABASE 'x.db' AS other
----
refused UR005 at 1:1-1: only a SELECT is read, and this begins with ATTACH
  hint: write a SELECT
