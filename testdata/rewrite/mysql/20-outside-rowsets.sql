-- title: a file of the server
SELECT LOAD_FILE('/etc/passwd')
----
refused UR020 at 1:8-17: the function LOAD_FILE
  hint: declare the function in an allowed block of the map if it only computes, or write the query without it
