-- title: $IDENTITY
SELECT $IDENTITY FROM staff
----
refused UR021 at 1:8-8: a pseudo column
  hint: name the table's columns

-- title: $ROWGUID
SELECT s.$ROWGUID FROM staff s
----
refused UR021 at 1:10-10: a pseudo column
  hint: name the table's columns

-- title: %%physloc%%
SELECT %%physloc%% FROM staff
----
refused UR021 at 1:8-8: a pseudo column
  hint: name the table's columns
