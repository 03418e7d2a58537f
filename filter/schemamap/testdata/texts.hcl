version = 1
provider {
  table = "P"
  key   = "Id"
}
table "A" {
  path {
    via        = ["", "a\tb", "c\u202ed"]
    constraint = " "
  }
  column "" { keep = true }
  column "x" { mask = constant("a\u0000b") }
  foreign " " { outside = "null" }
}
table "B" {
  rows   = "all"
  reason = "line\u0007bell"
}
table "C" {
  rows   = "all"
  reason = <<EOT
re\u0301sume é
EOT
}
