-- title: works on its arguments only
SELECT u.id, j.v FROM unit u, JSON_TABLE('[1,2]', '$[*]' COLUMNS (v INT PATH '$')) AS j
----
refused UR018 at 1:31-41: JSON_TABLE
  hint: use tables, or a function that works on its arguments only
