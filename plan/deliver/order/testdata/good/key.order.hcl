version = 1
id = "angso.v2_once"
provider {
  name   = "Ängsö Familjeläkare AB"
  hsa_id = "SE165500000038-1000"
}
unit {
  name   = "Ängsö"
  hsa_id = "SE5500000038-U003"
}
interval {
  every = "once"
  at    = "23:30"
  zone  = "UTC"
}
responsible {
  name  = "Anna Ek"
  phone = "070-1740605"
  email = "anna@angso.example"
}
it {
  name  = "Bo Ek"
  phone = "070-1740606"
  email = "bo@angso.example"
}
orderer {
  name  = "A. Ek"
  place = "Ängsö"
  date  = "2026-02-28"
  name_in_print = "Anna Ek"
}
purpose = "Byte av journalsystem: allt som är $${kvar} och 100 %%{"
source = "sqlserver://reader@db.example:1433?database=Journal&encrypt=true"
map = "journal.hcl"
format = "postgres"
recipient {
  key         = "angso.asc"
  fingerprint = "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"
}
delivery {
  sftp {
    host        = "2001:DB8::0:1"
    port        = 2222
    user        = "angso"
    known_hosts = "known_hosts"
    key         = "id_ed25519"
    passphrase  = "prompt"
  }
}
