# A table of the same name in another schema.
table "archive.visit" {
  path { via = ["unit_id"] }
}
