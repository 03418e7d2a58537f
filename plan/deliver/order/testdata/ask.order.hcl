version = 1
id      = "tallmo"

provider {
  name   = "Tallmo Läkargrupp AB"
  hsa_id = "SE5500000021-1000"
}

unit {
  name   = "Tallmo vårdcentral"
  hsa_id = "SE5500000020-U002"
}

unit {
  name   = "Tallmo barn"
  hsa_id = "SE5500000020-U003"
}

interval {
  every = "weekly"
  start = "2026-02-02"
  at    = "01:00"
  zone  = "Europe/Stockholm"
}

responsible {
  name  = "Åsa Öberg"
  phone = "070-1740605"
  email = "asa@tallmo.example"
}

it {
  name  = "Bo Ek"
  phone = "08-46500401"
  email = "bo@tallmo.example"
}

other   = "Ingen"
purpose = "Uppföljning"

orderer {
  name          = "Åsa Öberg"
  place         = "Tallmo"
  date          = "2026-01-12"
  name_in_print = "Åsa Öberg"
}

source = "env:JOURNAL_URL"
map    = "journal.hcl"
format = "sqlserver"

recipient {
  key         = "tallmo.asc"
  fingerprint = "0123456789ABCDEF0123456789ABCDEF01234567"
}

delivery {
  sftp {
    host        = "sftp.tallmo.example"
    port        = 22
    user        = "tallmo"
    folder      = "in"
    known_hosts = "known_hosts"
    password    = "env:TALLMO_SFTP"
  }
}

hold {
  change = 25
}

retry {
  attempts = 5
  wait     = "1m"
  longest  = "1h"
}
