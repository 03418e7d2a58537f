-- title: a function of a virtual table
SELECT snippet(visit) FROM visit
----
refused UR019 at 1:8-15: the function snippet asks a virtual table, or takes the name of one
  hint: use LIKE, or another predicate over columns

-- title: MATCH of a virtual table
SELECT id FROM visit WHERE visit MATCH 'a'
----
refused UR019 at 1:34-39: MATCH asks a virtual table
  hint: use LIKE, or another predicate over columns
