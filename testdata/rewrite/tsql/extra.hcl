# A table of the same name in another schema.
table "archive.visit" {
  path { via = ["unit_id"] }
}

# A table whose former rows the engine keeps, in a table that can be asked for them too.
table "prescription" {
  path { via = ["unit_id"] }
}

table "prescription_history" {
  path {
    via        = ["unit_id"]
    to         = "unit"
    references = ["id"]
  }
}
