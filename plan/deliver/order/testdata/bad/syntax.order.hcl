version = 1
id = "x"
password hunter2secret
