-- title: rowid
SELECT rowid FROM unit
----
refused UR021 at 1:8-13: rowid is a pseudo column
  hint: name the table's columns

-- title: _rowid_ and oid
SELECT u._rowid_, u.oid FROM unit u
----
refused UR021 at 1:8-17: u._rowid_ is a pseudo column
  hint: name the table's columns
