version = 1
provider {
  table = "P"
  key   = "Id"
}
table "A" {
  match = "any"
  path {}
  path { via = [] }
  path { via = ["X", "X"] }
  path {
    via = ["X"]
    to  = "B"
  }
  path {
    via        = ["X"]
    references = ["Y"]
  }
  path {
    via        = ["X"]
    to         = "B"
    references = ["Y", "Z"]
  }
  path {
    via        = ["X"]
    to         = "B"
    references = ["Y"]
    constraint = "FK"
  }
  path {
    from   = "C"
    via    = ["X"]
    null   = "include"
    reason = "r"
  }
  path {
    from   = "C"
    via    = ["X"]
    shared = "because"
  }
}
