-- title: a temporary table
SELECT id FROM temp.visit
----
refused UR014 at 1:16-26: visit is a temporary table
  hint: write the query over the tables themselves, with common table expressions
