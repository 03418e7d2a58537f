# Beställning av utlämning av uppgifter
# Order of a disclosure of data: one care provider's, on an interval, sealed and delivered.
#
# Fill in what stands between the quotes, and save the file as NAME.order.hcl. Paths begin in this file's folder.
# No password stands in an order: where one is needed, write env:NAME for an environment variable or file:PATH for a file.

version = 1

# Beställningens id: a word of its own for this order, of a-z, 0-9 and hyphens. State and log are kept by it.
id = ""

# Vårdgivare: the legal person whose data it is, and who is to have them.
provider {
  name   = "" # juridiskt namn: legal name
  hsa_id = "" # SE5500000020-1000, or with 12 digits SE165500000020-1000
}

# Utförande enhet: a performing unit. One block for each.
unit {
  name   = ""
  hsa_id = ""
}

# Leveransintervall: how often.
interval {
  every = "" # "once" en gång, "daily" varje dag, "weekly" varje vecka, "monthly" varje månad, "quarterly" varje kvartal
  # cron = "0 1 * * 1"         # in place of every and at: minute, hour, day of month, month, day of week
  # start = "2026-12-01"       # från och med: no delivery before; otherwise from the date of the order
  at = "01:00"                 # klockslag: time of day; between 02:00 and 03:00 the clocks change
  zone = "Europe/Stockholm"    # tidszon: time zone
}

# Ansvarig kontaktperson: responsible contact.
responsible {
  name  = ""
  phone = ""
  email = ""
}

# IT-kontakt: who takes the deliveries in.
it {
  name  = ""
  phone = ""
  email = ""
}

# Övriga upplysningar: other information; may be left empty.
other = ""

# Ändamål: the purpose. It is written to the disclosure log.
purpose = ""

# Beställare: the head of operations for the legal person, who signs.
orderer {
  name  = ""
  place = "" # ort
  date  = "" # datum: 2026-12-01
  # name_in_print = ""         # namnförtydligande, if other than name
}

# Källa: the shared database. env:NAME or file:PATH of what holds its URL; or sqlite:FILE, postgres://HOST/NAME or
# sqlserver://HOST?database=NAME without a password.
source = ""

# Karta: the schema map.
map = ""

# Format: the database that the provider loads it into: "sqlserver", "postgres" or "sqlite".
format = "sqlserver"

# Maskeringsnyckel: a file, where the map has masks that need a key.
# masking_key = ""

# Mottagarens nyckel: the provider's public OpenPGP key. The fingerprint comes by another way than the file did.
recipient {
  key         = "" # fil
  fingerprint = "" # fingeravtryck: gpg --show-keys FILE
}

# Leverans: where to. One of sftp, folder and command.
delivery {
  sftp {
    host     = ""              # värd: name or address
    port     = 22
    user     = ""              # användare
    folder   = "."             # mapp; "." is where the account begins
    host_key = ""              # värdnyckel: SHA256:… as ssh-keygen -l prints it
    # known_hosts = ""         # or a file of host keys, in place of host_key
    password = ""              # lösenord: env:NAME, file:PATH, or prompt to be asked
    # key        = ""          # in place of password: a private SSH key's file,
    # passphrase = ""          # and where its passphrase is: env:NAME, file:PATH or prompt
    # agent      = true        # or: the keys of the SSH agent
  }
  # folder { path = "" }       # mapp: a folder of this machine
  # command { argv = ["", ""] }  # kommando: a program that takes the package on standard input
}

# Kvarhållning: a delivery waits for somebody's word when a table has changed by more percent than this since the last.
hold {
  change = 25
  # table "dbo.Visit" { change = 50 }
}

# Omförsök: how often a delivery is tried, and the wait between: from wait, doubling up to longest.
retry {
  attempts = 5
  wait     = "1m"
  longest  = "1h"
}
