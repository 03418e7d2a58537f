-- title: PREPARE
EXEC sp_prepare 1, N'', N'SELECT id FROM unit'
----
refused UR008 at 1:1-5: EXEC is not a SELECT
  hint: leave INTO and the locking clause out

-- title: SHOWPLAN
SET SHOWPLAN_ALL ON
----
refused UR005 at 1:1-4: SET doesn't begin a SELECT
  hint: write a SELECT
