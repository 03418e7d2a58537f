-- title: the tables of the system
SELECT name FROM sqlite_master
----
refused UR013 at 1:18-31: sqlite_master tells of the database itself
  hint: ask the catalog file instead

-- title: without a schema
SELECT * FROM pragma_table_info('visit')
----
refused UR013 at 1:15-32: pragma_table_info tells of the database itself
  hint: ask the catalog file instead

-- title: a command
PRAGMA table_info(visit)
----
refused UR005 at 1:1-1: only a SELECT is read, and this begins with PRAGMA
  hint: write a SELECT

-- title: a variable of the server
SELECT sqlite_version()
----
refused UR020 at 1:8-22: the function sqlite_version tells of the database itself
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it
