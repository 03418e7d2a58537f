-- title: INSERT
INSERT INTO unit (id) SELECT 1
----
refused UR008 at 1:1-7: INSERT is not a SELECT
  hint: leave INTO and the locking clause out

-- title: UPDATE
UPDATE unit SET name = 'x'
----
refused UR008 at 1:1-7: UPDATE is not a SELECT
  hint: leave INTO and the locking clause out

-- title: DELETE
DELETE FROM unit
----
refused UR008 at 1:1-7: DELETE is not a SELECT
  hint: leave INTO and the locking clause out

-- title: TRUNCATE
TRUNCATE TABLE unit
----
refused UR008 at 1:1-9: TRUNCATE is not a SELECT
  hint: leave INTO and the locking clause out

-- title: MERGE
MERGE INTO unit USING area ON unit.id = area.id WHEN MATCHED THEN DELETE;
----
refused UR008 at 1:1-6: MERGE is not a SELECT
  hint: leave INTO and the locking clause out

-- title: SELECT INTO
SELECT id INTO copy FROM unit
----
refused UR008 at 1:11-15: INTO inside a SELECT
  hint: leave INTO and the locking clause out

-- title: DML in FROM
SELECT x.id FROM (DELETE FROM unit OUTPUT deleted.id) AS x
----
refused UR008 at 1:19-25: DELETE inside a SELECT
  hint: leave INTO and the locking clause out

-- title: a procedure or anonymous block
EXEC sp_executesql N'SELECT id FROM visit'
----
refused UR008 at 1:1-5: EXEC is not a SELECT
  hint: leave INTO and the locking clause out

-- title: DECLARE
DECLARE @x int = 1
----
refused UR005 at 1:1-8: DECLARE doesn't begin a SELECT
  hint: write a SELECT

-- title: USE
USE other
----
refused UR005 at 1:1-4: USE doesn't begin a SELECT
  hint: write a SELECT

-- title: an assignment
SELECT @x = id FROM unit
----
refused UR008 at 1:8-10: a SELECT that sets a variable
  hint: leave INTO and the locking clause out
