version = 1
strict  = true

provider {
  table = "CareProvider"
  key   = "HsaId"
}

# The anchor's columns and references may be settled, its rows may not.
table "CareProvider" {
  foreign "ParentId" { outside = "stub" }
  column "HsaId" { keep = true }
  column "Secret" { omit = true }
}

table "[a.b].\"c\"\"d\"" {
  path {
    via        = ["X", "Y"]
    to         = "[dbo].[Par]]ent]"
    references = ["A", "B"]
    null       = "include"
    reason     = <<-EOT
      rows without an owner
      belong to the host
    EOT
    shared     = "reviewed"
  }
  foreign "X, Y" { outside = "error" }
  foreign "FK_1" { outside = "drop" }
  foreign "Z" { outside = "include" }
  column "C1" { mask = redact }
  column "C2" {
    mask = constant("a \"$${b}\" %%{c}\n")
    stub = "dummy"
  }
  column "C3" { mask = constant(-1.50) }
  column "C4" { mask = constant(-9223372036854775808) }
  column "C5" { mask = constant(null, true, false, 0) }
  column "C6" { stub = -3 }
  where = <<-EOT
    "order" <> -1 AND NOT (Kind IN ('a', 'it''s') OR Å_1 = TRUE)
    AND Begun BETWEEN '2020-01-01' AND Ended
    AND Code NOT LIKE '50\%%' AND Ended IS NOT NULL
  EOT
}

table Queue {
  rows   = "empty"
  reason = "filled by the host"
  column "Blob" { omit = true }
}

table "Old" {
  rows   = "none"
  reason = "replaced by New"
}

# A function may have a table's name; a view of another case may be another view.
allowed {
  functions = ["Queue", "[a.b].Age", "dbo.\"it's\""]
  reason    = "they compute, and read nothing"
}

allowed {
  functions = ["Age"]
  views     = ["dbo.Calendar", "dbo.calendar"]
  reason    = <<-EOT
    days of the year,
    the same for everybody
  EOT
}
