package main

import (
	"strconv"
	"strings"
	"time"
)

// orderForm is the order, as somebody would fill in what order new --template writes.
func (t *delivery) orderForm(fingerprint string) []byte {
	return []byte(strings.NewReplacer(
		"$NAME", t.provider.Name, "$PROVIDER", t.provider.HsaID, "$UNIT", t.provider.UnitHsaID,
		"$DATE", time.Now().UTC().Format(time.DateOnly),
		"$FINGERPRINT", fingerprint, "$PORT", strconv.Itoa(t.server.port), "$USER", deliveryUser, "$HOSTKEY", t.server.fingerprint,
	).Replace(deliveryOrderText))
}

const deliveryOrderText = `# Beställning av utlämning av uppgifter
# Order of a disclosure of data. Everything in it is invented. Paths begin in this file's folder.

version = 1
id      = "tallmo"

# Vårdgivare: the legal person whose data it is, and who is to have them.
provider {
  name   = "$NAME"
  hsa_id = "$PROVIDER"
}

# Utförande enhet: a performing unit.
unit {
  name   = "Jourmottagning Granby"
  hsa_id = "$UNIT"
}

# Leveransintervall: how often.
interval {
  every = "monthly"
}

# Ansvarig kontaktperson: responsible contact.
responsible {
  name  = "Åsa Öberg"
  phone = "070-174 06 05"
  email = "asa.oberg@tallmo.example"
}

# IT-kontakt: who takes the deliveries in.
it {
  name  = "Bo Ek"
  phone = "08-465 004 01"
  email = "it@tallmo.example"
}

# Ändamål: the purpose. It is written to the disclosure log.
purpose = "Statistik och uppföljning"

# Beställare: the head of operations for the legal person, who signs.
orderer {
  name  = "Åsa Öberg"
  place = "Tallmo"
  date  = "$DATE"
}

# Källa, karta, format: the shared database, its map, and the database that the provider loads the copy into.
source      = "sqlite:journal.db"
map         = "journal.hcl"
format      = "sqlite"
masking_key = "mask.key"

# Mottagarens nyckel: the provider's public OpenPGP key. The fingerprint came by another way than the file did.
recipient {
  key         = "tallmo.asc"
  fingerprint = "$FINGERPRINT"
}

# Leverans: where to, and how the server is known. The password is in a file beside.
delivery {
  sftp {
    host     = "127.0.0.1"
    port     = $PORT
    user     = "$USER"
    folder   = "in"
    host_key = "$HOSTKEY"
    password = "file:sftp-password"
  }
}

# Kvarhållning: a delivery waits for somebody's word when a table has changed by more percent than this since the last.
hold {
  change = 25
}
`
