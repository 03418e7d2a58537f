version = 1
provider {
  table = "P"
  key   = "Id"
  unit {
    table = "U"
    key   = "Id"
  }
}
table "U" {
  path { via = ["PId"] }
}
table "dbo.A" {
  path { via = ["UId"] }
}
reference {
  tables = ["code.R"]
  reason = "codes"
}
excluded {
  tables = ["E"]
  reason = "logs"
}
allowed { reason = "nothing" }
allowed {
  functions = []
  views     = "dbo.Calendar"
  reason    = ""
}
allowed "label" {
  functions = ["dbo.Age", "a.b.c", "dbo..", ""]
  views     = ["dbo.Calendar", upper("x"), "[dbo].Calendar"]
  tables    = ["dbo.A"]
  function  = ["dbo.F"]
}
allowed {
  functions = ["[dbo].\"Age\"", "Age", "dbo.A"]
  views     = ["P", "[U]", "[dbo].[A]", "code.R", "E", "dbo.age"]
  reason    = "  \n"
  views {}
}
allow {}
