version = 1
other = "ÿ"
