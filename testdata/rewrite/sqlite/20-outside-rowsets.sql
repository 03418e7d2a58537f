-- title: a file
SELECT data FROM fsdir('.')
----
refused UR018 at 1:18-23: the table function fsdir is not on the list
  hint: use tables, or a function that works on its arguments only
