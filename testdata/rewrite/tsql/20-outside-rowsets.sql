-- title: OPENROWSET
SELECT a.id FROM OPENROWSET('SQLNCLI', 'Server=x;Trusted_Connection=yes', 'SELECT id FROM journal.dbo.visit') AS a
----
refused UR017 at 1:18-28: OPENROWSET reads from outside the database
  hint: name tables of this database

-- title: OPENROWSET of a file
SELECT BulkColumn FROM OPENROWSET(BULK 'c:\secret.txt', SINGLE_CLOB) AS f
----
refused UR008 at 1:35-39: BULK inside a SELECT
  hint: leave INTO and the locking clause out

-- title: OPENQUERY
SELECT id FROM OPENQUERY(srv, 'SELECT id FROM visit') AS q
----
refused UR017 at 1:16-25: OPENQUERY reads from outside the database
  hint: name tables of this database

-- title: OPENDATASOURCE
SELECT id FROM OPENDATASOURCE('SQLNCLI', 'Data Source=x').journal.dbo.visit
----
refused UR017 at 1:16-30: OPENDATASOURCE reads from outside the database
  hint: name tables of this database

-- title: OPENXML
SELECT x FROM OPENXML(1, '/a', 1) WITH (x int)
----
refused UR017 at 1:15-22: OPENXML reads from outside the database
  hint: name tables of this database
