-- title: INSERT
INSERT INTO unit (id) SELECT 1
----
refused UR005 at 1:1-7: only a SELECT is read here
  hint: write a SELECT

-- title: UPDATE
UPDATE unit SET name = 'x'
----
refused UR005 at 1:1-7: only a SELECT is read here
  hint: write a SELECT

-- title: DELETE
DELETE FROM unit
----
refused UR005 at 1:1-7: only a SELECT is read here
  hint: write a SELECT

-- title: TRUNCATE
TRUNCATE TABLE unit
----
refused UR005 at 1:1-9: only a SELECT is read here
  hint: write a SELECT

-- title: SELECT INTO OUTFILE
SELECT id FROM unit INTO OUTFILE '/tmp/x'
----
refused UR008 at 1:21-25: a SELECT that writes its rows somewhere
  hint: leave INTO and the locking clause out

-- title: SELECT INTO a variable
SELECT id INTO @x FROM unit
----
refused UR006 at 1:16-16: a variable of the session or the server
  hint: write the query without it

-- title: a procedure or anonymous block
CALL visits()
----
refused UR005 at 1:1-5: only a SELECT is read here
  hint: write a SELECT

-- title: USE
USE other
----
refused UR005 at 1:1-4: only a SELECT is read here
  hint: write a SELECT

-- title: an assignment
SELECT @x := id FROM unit
----
refused UR006 at 1:8-8: a variable of the session or the server
  hint: write the query without it
