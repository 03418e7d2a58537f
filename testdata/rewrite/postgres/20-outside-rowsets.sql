-- title: dblink
SELECT x.id FROM dblink('dbname=journal', 'SELECT id FROM visit') AS x (id integer)
----
refused UR017 at 1:18-24: dblink reads from outside the database
  hint: name tables of this database

-- title: a file of the server
SELECT pg_read_file('/etc/passwd')
----
refused UR020 at 1:8-20: pg_read_file is one of the server's own workings
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it
