-- title: ctid
SELECT ctid FROM unit
----
refused UR021 at 1:8-12: ctid is a pseudo column
  hint: name the table's columns

-- title: tableoid and xmin
SELECT u.tableoid, u.xmin FROM unit u
----
refused UR021 at 1:8-18: u.tableoid is a pseudo column
  hint: name the table's columns
