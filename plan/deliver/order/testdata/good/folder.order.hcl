version = 1
id = "sjo-folder"
provider {
  name   = "Stiftelsen Sjöängens Hälsa"
  hsa_id = "SE5500000061-1000"
}
unit {
  name   = "Sjöängen"
  hsa_id = "SE5500000061-U006"
}
interval {
  every = "quarterly"
  start = "2026-03-01"
}
responsible {
  name  = "Cia Ek"
  phone = "0980-319201"
  email = "cia@sjo.example"
}
it {
  name  = "Di Ek"
  phone = "0980-319202"
  email = "di@sjo.example"
}
orderer {
  name  = "Cia Ek"
  place = "Sjö"
  date  = "2026-02-01"
}
purpose = "Uppföljning"
source = "sqlite:data/journal.db"
map = "journal.hcl"
format = "sqlite"
recipient {
  key         = "sjo.asc"
  fingerprint = "0123456789ABCDEF0123456789ABCDEF01234567"
}
delivery {
  folder { path = "../outbox/sjo" }
}
