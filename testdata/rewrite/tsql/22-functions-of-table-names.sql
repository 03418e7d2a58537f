-- title: CHANGETABLE
SELECT c.id FROM CHANGETABLE(CHANGES dbo.visit, 0) AS c
----
refused UR019 at 1:18-29: CHANGETABLE takes the name of a table
  hint: use LIKE, or another predicate over columns

-- title: CONTAINSTABLE
SELECT k.[KEY] FROM CONTAINSTABLE(visit, reason, 'a') AS k
----
refused UR019 at 1:21-34: CONTAINSTABLE takes the name of a table
  hint: use LIKE, or another predicate over columns

-- title: FREETEXTTABLE
SELECT k.[KEY] FROM FREETEXTTABLE(visit, reason, 'a') AS k
----
refused UR019 at 1:21-34: FREETEXTTABLE takes the name of a table
  hint: use LIKE, or another predicate over columns
