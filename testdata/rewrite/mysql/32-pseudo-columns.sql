-- title: _rowid
SELECT _rowid FROM unit
----
refused UR021 at 1:8-14: _rowid stands for the key of a row, whatever that is
  hint: name the table's columns
