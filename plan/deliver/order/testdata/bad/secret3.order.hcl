# En beställning som den ser ut i verkligheten.
version = 1
id = "tallmo-month"
provider {
  name   = "Tallmo Läkargrupp AB"
  hsa_id = "SE5500000021-1000"
}
unit {
  name   = "Tallmo vårdcentral"
  hsa_id = "SE55000000200-U002"
}
unit {
  name   = "Tallmo barnmorskemottagning"
  hsa_id = "SE5500000020-Å1"
}
interval {
  every = "monthly"
  start = "2026-01-31"
}
responsible {
  name  = "Åsa Öberg"
  phone = "+46 70 174 06 05"
  email = "asa.oberg@tallmo.example"
}
it {
  name  = "Bo \"IT\" Ek"
  phone = "08-465 004 01"
  email = "it@tallmo.example"
}
other = <<EOT
Leverans före kl. 06.
Ring vid fel.
EOT
orderer {
  name  = "Åsa Öberg"
  place = "Tallmo"
  date  = "2026-01-12"
}
purpose = "Statistik och uppföljning"
source = "sqlserver://db.example?database=x&Password=hunter2secret"
map = "../maps/journal.hcl"
format = "sqlserver"
masking_key = "/etc/utdrag/mask.key"
recipient {
  key         = "keys/tallmo.asc"
  fingerprint = "0123 4567 89ab cdef 0123  4567 89ab cdef 0123 4567"
}
delivery {
  sftp {
    host     = "SFTP.Tallmo.example."
    user     = "utlamning"
    folder   = "/in/journal"
    host_key = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
    passphrase = "env:hunter2-secret"
  }
}
hold {
  change = 20
  table "dbo.Visit" { change = 50 }
  table "dbo.Alder" { change = 5 }
}
retry {
  wait    = "90s"
  longest = "2h"
}
