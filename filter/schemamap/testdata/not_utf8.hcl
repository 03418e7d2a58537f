version = 1
provider { table = "ÿ" }
