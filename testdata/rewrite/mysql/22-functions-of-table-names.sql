-- title: MATCH … AGAINST reads an index of the table
SELECT id FROM visit WHERE MATCH (reason) AGAINST ('a')
----
refused UR019 at 1:28-33: MATCH … AGAINST, which reads the table's own index
  hint: use LIKE, or another predicate over columns
