-- title: the tables of the system
SELECT host FROM mysql.user
----
refused UR013 at 1:18-28: mysql.user is a table of the server
  hint: ask the catalog file instead

-- title: INFORMATION_SCHEMA
SELECT table_name FROM INFORMATION_SCHEMA.TABLES
----
refused UR013 at 1:24-49: INFORMATION_SCHEMA.TABLES is a table of the server
  hint: ask the catalog file instead

-- title: performance_schema
SELECT sql_text FROM performance_schema.events_statements_history
----
refused UR013 at 1:22-66: performance_schema.events_statements_history is a table of the server
  hint: ask the catalog file instead

-- title: a command
SHOW TABLES
----
refused UR005 at 1:1-5: only a SELECT is read here
  hint: write a SELECT

-- title: a variable of the server
SELECT @@version
----
refused UR006 at 1:8-8: a variable of the session or the server
  hint: write the query without it
