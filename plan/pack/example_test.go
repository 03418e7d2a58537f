package pack_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan/pack"
)

func Example() {
	// Keys come from files as a rule; here they are made on the spot.
	entity, err := openpgp.NewEntity("Anna", "", "anna@example.org", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
	if err != nil {
		log.Fatal(err)
	}
	var publicFile, privateFile bytes.Buffer
	if err := entity.Serialize(&publicFile); err != nil {
		log.Fatal(err)
	}
	if err := entity.SerializePrivate(&privateFile, nil); err != nil {
		log.Fatal(err)
	}
	recipient, err := pack.LoadRecipient(&publicFile)
	if err != nil {
		log.Fatal(err)
	}
	secret, err := pack.LoadSecret(&privateFile, nil)
	if err != nil {
		log.Fatal(err)
	}

	// The sender's side.
	var file bytes.Buffer
	w, err := pack.NewWriter(&file, pack.Options{
		Info:       pack.Info{Tool: "utdrag 0.1.0", Provider: "SE2321000016-1", Engine: "sqlite", Snapshot: "transaction"},
		Recipients: []*pack.Recipient{recipient},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer w.Abort() // does nothing after Commit
	table, err := w.Table(pack.Table{
		Name: catalog.Name{Schema: "main", Table: "Patient"},
		Columns: []pack.Column{
			{Name: "Id", EngineType: "INTEGER", Type: value.Type{Kind: value.Integer}},
			{Name: "Name", EngineType: "TEXT", Type: value.Type{Kind: value.String}, Mask: "partial(1, 0)"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := table.Write([]value.Value{value.NewInt(1), value.NewText("Å***")}); err != nil {
		log.Fatal(err)
	}
	if _, err := table.Close(""); err != nil {
		log.Fatal(err)
	}
	if _, err := w.Commit(); err != nil {
		log.Fatal(err)
	}

	// The recipient's side.
	p, err := pack.Open(bytes.NewReader(file.Bytes()), pack.Keys{Secrets: []*pack.Secret{secret}}, pack.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	rows, err := p.Rows()
	if err != nil {
		log.Fatal(err)
	}
	for rows.NextTable() {
		row := make([]value.Value, len(rows.Table().Columns))
		for rows.Next(row) {
			fmt.Println(rows.Table().Name, row[0].Int(), row[1].Text())
		}
	}
	if rows.Err() != nil {
		log.Fatal(rows.Err())
	}
	fmt.Println(p.Signature().State)
	// Output:
	// main.Patient 1 Å***
	// unsigned
}
