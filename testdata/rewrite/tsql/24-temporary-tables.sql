-- title: a temporary table
SELECT id FROM #visit
----
refused UR014 at 1:16-16: a temporary table
  hint: write the query over the tables themselves, with common table expressions

-- title: a global one
SELECT id FROM ##visit
----
refused UR014 at 1:16-16: a temporary table
  hint: write the query over the tables themselves, with common table expressions

-- title: in tempdb
SELECT id FROM tempdb..#visit
----
refused UR014 at 1:24-24: a temporary table
  hint: write the query over the tables themselves, with common table expressions

-- title: a table variable
SELECT v.id FROM @visit AS v
----
refused UR014 at 1:18-24: a table variable, or a method of a variable, in FROM
  hint: write the query over the tables themselves, with common table expressions
