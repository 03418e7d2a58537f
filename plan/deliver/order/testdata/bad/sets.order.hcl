version = 1
delivery {
}
provider {
  hsa_id = null
}
unit "x" {
}
interval {
}
hold {
  table {
    change = 1
  }
  table "" {
  }
}
retry {
  attempts = 1e30
  longest  = "1s"
}
it {
  name  = "Bo\u202eEk"
  phone = "070-174 06 05 x"
  email = "bo@localhost"
}
it {
}
other = "${env.X}"
