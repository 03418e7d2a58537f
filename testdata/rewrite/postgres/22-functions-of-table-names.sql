-- title: SQL in a text
SELECT query_to_xml('SELECT * FROM visit', true, true, '')
----
refused UR019 at 1:8-20: query_to_xml takes the name of a table, or SQL
  hint: use LIKE, or another predicate over columns

-- title: the name of a table as a text
SELECT table_to_xml('visit', true, true, '')
----
refused UR019 at 1:8-20: table_to_xml takes the name of a table, or SQL
  hint: use LIKE, or another predicate over columns

-- title: the name of a table as a number
SELECT pg_relation_size('visit')
----
refused UR020 at 1:8-24: pg_relation_size is one of the server's own workings
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it
