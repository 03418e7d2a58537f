-- title: the tables of the system
SELECT relname FROM pg_catalog.pg_class
----
refused UR013 at 1:21-40: pg_class is a system table
  hint: ask the catalog file instead

-- title: INFORMATION_SCHEMA
SELECT table_name FROM INFORMATION_SCHEMA.TABLES
----
refused UR013 at 1:24-49: tables is a system table
  hint: ask the catalog file instead

-- title: without a schema
SELECT usename FROM pg_stat_activity
----
refused UR013 at 1:21-37: pg_stat_activity is a system table
  hint: ask the catalog file instead

-- title: a command
SHOW search_path
----
refused UR005 at 1:1-5: the statement is not a SELECT
  hint: write a SELECT

-- title: a variable of the server
SELECT current_setting('search_path')
----
refused UR020 at 1:8-23: current_setting tells of the session or the server, or does something
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it
