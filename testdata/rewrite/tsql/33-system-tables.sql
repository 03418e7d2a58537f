-- title: the tables of the system
SELECT name FROM sys.tables
----
refused UR013 at 1:18-21: a system table or view
  hint: ask the catalog file instead

-- title: INFORMATION_SCHEMA
SELECT table_name FROM INFORMATION_SCHEMA.TABLES
----
refused UR013 at 1:24-42: a system table or view
  hint: ask the catalog file instead

-- title: without a schema
SELECT name FROM sysobjects
----
refused UR013 at 1:18-28: a system table or view
  hint: ask the catalog file instead

-- title: a view of what goes on
SELECT text FROM sys.dm_exec_requests r CROSS APPLY sys.dm_exec_sql_text(r.sql_handle)
----
refused UR013 at 1:18-21: a system table or view
  hint: ask the catalog file instead

-- title: a command
DBCC PAGE (journal, 1, 1, 3)
----
refused UR008 at 1:1-5: DBCC is not a SELECT
  hint: leave INTO and the locking clause out

-- title: a variable of the server
SELECT @@VERSION
----
refused UR020 at 1:8-8: a global variable
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it
