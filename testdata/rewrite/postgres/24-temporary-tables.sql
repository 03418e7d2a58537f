-- title: a temporary table
SELECT id FROM pg_temp.visit
----
refused UR014 at 1:16-29: visit is a temporary table
  hint: write the query over the tables themselves, with common table expressions
