package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
)

// The files of a delivery's demonstration: a folder for each of the parties. A secret is in the folder of the one who has it.
const (
	deliveryRegion   = "region"
	deliveryServer   = "server"
	deliveryProvider = "provider"

	deliveryJournal  = "region/journal.db"
	deliveryMap      = "region/journal.hcl"
	deliveryMaskKey  = "region/mask.key"
	deliverySign     = "region/region-private.asc"
	deliverySealFor  = "region/tallmo.asc"
	deliveryPassword = "region/sftp-password"
	deliveryOrder    = "region/tallmo" + order.Extension
	deliveryForm     = "region/tallmo.html"
	deliveryPlan     = "region/plan.html"
	deliveryPlanData = "region/plan.json"
	deliveryLog      = "region/" + logName
	deliveryEdited   = "region/edited.log"

	deliveryArea = "server/in"

	receivedKey        = "provider/tallmo-private.asc"
	receivedSigner     = "provider/region.asc"
	receivedPassword   = "provider/sftp-password"
	receivedKnownHosts = "provider/known_hosts"
	receivedMap        = "provider/journal.hcl"
	receivedState      = "provider/received.json"
	receivedCopy       = "provider/tallmo.db"
)

// deliveryUser is the account at the server.
const deliveryUser = "tallmo"

// delivery is a demonstration of one.
type delivery struct {
	*demo
	server *demoServer
	plan   string // its hash
	// record is what the log says of the delivery.
	record *disclosure.Disclosure
}

// delivery tells of an order and what becomes of it.
func (d *demo) delivery() (err error) {
	t := &delivery{demo: d}
	d.column = 27
	defer func() {
		if t.server == nil {
			return
		}
		if closing := t.server.Close(); err == nil && closing != nil {
			err = d.broke("the server can't be stopped", closing)
		}
	}()
	err = t.story([]chapter{
		{"a region with a journal, a care provider, and an SFTP server between them", t.parties},
		{"the care provider orders", t.order},
		{"the region reviews the plan", t.review},
		{"the region delivers: extract, mask, seal, sign, SFTP, and the log", t.deliver},
		{"the care provider receives: fetch, check, load", t.receive},
		{"the care provider verifies its database", t.verifyCopy},
		{"the disclosure log is whole", t.verifyLog},
		{"the same package, received twice, is refused", t.replay},
		{"an edited record of the log is found", t.edit},
	})
	if err == nil {
		t.next()
	}
	return err
}

// parties makes what each of the parties has, and starts the server.
func (t *delivery) parties() error {
	for _, folder := range []string{deliveryRegion, deliveryArea, deliveryProvider} {
		if err := os.MkdirAll(t.path(folder), 0o700); err != nil {
			return t.broke("the folders can't be made", err)
		}
	}
	if err := pmo.Generate(t.ctx, t.path(deliveryJournal), pmo.Options{Scale: 1}); err != nil {
		return t.broke("the sample database can't be made", err)
	}
	t.made(deliveryJournal, "the region's database: six care providers share it")
	for _, file := range []string{deliveryMap, receivedMap} {
		if err := os.WriteFile(t.path(file), []byte(pmo.Map), 0o600); err != nil {
			return t.broke("the sample map can't be written", err)
		}
	}
	t.made(deliveryMap, "its schema map, which the care provider has too")
	fingerprint, err := t.exchange()
	if err != nil {
		return t.broke("the keys can't be made", err)
	}
	t.made(deliveryMaskKey, "the masking key, which is the region's alone")
	t.made(deliverySign, "the region signs with it; "+receivedSigner+" is its public part")
	t.made(receivedKey, "the care provider opens with it; "+deliverySealFor+" is its public part")
	if err := t.serve(); err != nil {
		return t.broke("the server can't be started", err)
	}
	t.made(deliveryArea, fmt.Sprintf("what %s sees at 127.0.0.1, port %d, as long as this runs", deliveryUser, t.server.port))
	if err := os.WriteFile(t.path(deliveryOrder), t.orderForm(fingerprint), 0o600); err != nil {
		return t.broke("the order can't be written", err)
	}
	return nil
}

// exchange makes the keys, and gives each party what is public of the other's. It returns the care provider's fingerprint.
func (t *delivery) exchange() (string, error) {
	region, err := newKey("Invented Region", "region@example.org")
	if err != nil {
		return "", err
	}
	tallmo, err := newKey("Invented Care Provider", "tallmo@example.org")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%X", tallmo.PrimaryKey.Fingerprint), errors.Join(
		t.privateKey(deliverySign, region), t.publicKey(receivedSigner, region),
		t.privateKey(receivedKey, tallmo), t.publicKey(deliverySealFor, tallmo),
		t.secretFile(deliveryMaskKey, 32), t.secretFile(deliveryPassword, 16),
		copyFile(t.path(receivedPassword), t.path(deliveryPassword)),
	)
}

// serve starts the server, and tells the care provider its host key.
func (t *delivery) serve() error {
	password, err := os.ReadFile(t.path(deliveryPassword))
	if err != nil {
		return err
	}
	if t.server, err = startDemoServer(t.path(deliveryServer), deliveryUser, string(trimNewline(password))); err != nil {
		return err
	}
	return os.WriteFile(t.path(receivedKnownHosts), []byte(t.server.knownHosts+"\n"), 0o600)
}

func (t *delivery) next() {
	t.u.print(`
what to try next; the server is gone, and its folder is here:
   cd %s
   utdrag run %s --dry-run
   utdrag order show %s
   utdrag log show %s --json
   utdrag open %s/%s --key %s --signer %s -o opened
   utdrag receive --from %s --provider %s --key %s --signer %s --state received-again.json --to sqlite:again.db
`, shellQuote(t.folder), deliveryRegion, deliveryOrder, deliveryLog, deliveryArea, t.record.Package.Name, receivedKey, receivedSigner,
		deliveryArea, t.provider.HsaID, receivedKey, receivedSigner)
}
