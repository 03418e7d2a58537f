-- title: INSERT
INSERT INTO unit (id) SELECT 1
----
refused UR005 at 1:1-7: the statement is not a SELECT
  hint: write a SELECT

-- title: UPDATE
UPDATE unit SET name = 'x'
----
refused UR005 at 1:1-7: the statement is not a SELECT
  hint: write a SELECT

-- title: DELETE
DELETE FROM unit
----
refused UR005 at 1:1-7: the statement is not a SELECT
  hint: write a SELECT

-- title: TRUNCATE
TRUNCATE TABLE unit
----
refused UR005 at 1:1-9: the statement is not a SELECT
  hint: write a SELECT

-- title: MERGE
MERGE INTO unit USING area ON unit.id = area.id WHEN MATCHED THEN DELETE;
----
refused UR005 at 1:1-6: the statement is not a SELECT
  hint: write a SELECT

-- title: SELECT INTO
SELECT id INTO copy FROM unit
----
refused UR008 at 1:11-15: SELECT INTO makes a table
  hint: leave INTO and the locking clause out

-- title: DML in a common table expression
WITH d AS (DELETE FROM unit RETURNING id) SELECT id FROM d
----
refused UR008 at 1:6-7: a common table expression that writes
  hint: leave INTO and the locking clause out

-- title: a procedure or anonymous block
DO $$ BEGIN DELETE FROM unit; END $$
----
refused UR005 at 1:1-3: the statement is not a SELECT
  hint: write a SELECT

-- title: SET
SET search_path = archive
----
refused UR005 at 1:1-4: the statement is not a SELECT
  hint: write a SELECT
