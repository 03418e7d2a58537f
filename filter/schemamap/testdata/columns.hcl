version = 1
provider {
  table = "P"
  key   = "Id"
}
table "A" {
  path { via = ["X"] }
  column "C1" {
    keep = true
    mask = null
  }
  column "C2" {
    omit = true
    stub = 1
  }
  column "C3" {}
  column "C4" { mask = "redact" }
  column "C5" { mask = true }
  column "C6" { mask = 1 }
  column "C7" { mask = a.b }
  column "C8" { mask = [redact] }
  column "C9" { mask = hash(person) }
  column "D1" { mask = hash("a"...) }
  column "D2" { mask = a::hash("a") }
  column "D3" { mask = constant(007) }
  column "D4" { mask = constant(1e3) }
  column "D5" { mask = constant(9223372036854775808) }
  column "D6" { mask = constant(0.123456789012345678901234567890123456789) }
  column "D7" { mask = constant(hash("x")) }
  column "D8" { mask = (redact) }
  column "D9" { mask = constant(--1) }
  column "E1" { mask = constant("${x}") }
}
