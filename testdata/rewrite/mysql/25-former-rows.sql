-- title: FOR SYSTEM_TIME
SELECT id FROM unit FOR SYSTEM_TIME ALL
----
refused UR003 at 1:25-36: the query can't be read from here
  hint: check the query against the dialect of the database

-- title: AS OF TIMESTAMP
SELECT id FROM unit AS OF TIMESTAMP '2024-01-01 00:00:00'
----
refused UR025 at 1:16-20: former rows of a table
  hint: ask for the present rows
