# En beställning som den ser ut i verkligheten.
version = 1
id = "Tallmo Month"
provider {
  name = " "
  hsa_id = "se5500000020-1000"
}
unit {
  name   = "Tallmo vårdcentral"
  hsa_id = "SE165500000020-U012"
}
unit {
  name   = "Tallmo barnmorskemottagning"
  hsa_id = "SE165500000020-U012"
}
interval {
  every = "montly"
  start = "2026-02-30"
}
responsible {
  name  = "Åsa Öberg"
  phone = "070"
  email = "asa.oberg at tallmo"
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
  date = "12 jan"
}
purpose = "Statistik och uppföljning"
source = "env:JOURNAL_URL"
map = "https://maps.example/journal"
format = "oracle"
masking_key = "/etc/utdrag/mask.key"
recipient {
  key         = "keys/tallmo.asc"
  fingerprint = "DEADBEEF 89ab cdef 0123 4567"
}
delivery {
  sftp {
    host     = "SFTP.Tallmo.example."
    user     = "utlamning"
    folder   = "/in/journal"
    host_key = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
    password = "env:TALLMO_SFTP"
  }
}
hold {
  change = 20
  table "dbo.Visit" { change = 0.5 }
  table "dbo.Visit" { change = 5 }
}
retry {
  wait = "90"
  attempts = 0
  longest = "30h"
}
