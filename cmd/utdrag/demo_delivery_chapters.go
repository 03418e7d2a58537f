package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
)

func (t *delivery) order() error {
	t.made(deliveryOrder, "the order: the fields of the form, as a file to read")
	out, _, err := t.run(exitDone, "order", "check", "--source-check", "@"+deliveryOrder)
	if err != nil {
		return err
	}
	t.tell(out)
	if _, _, err = t.run(exitDone, "order", "show", "@"+deliveryOrder, "--html", "-o", "@"+deliveryForm); err != nil {
		return err
	}
	t.made(deliveryForm, "the form to print and sign, in Swedish, with the English beside it")
	return nil
}

// selection is what the order asks for, for commands that take no order.
func (t *delivery) selection(file string) []string {
	return []string{"--map", "@" + file, "--provider", t.provider.HsaID, "--unit", t.provider.UnitHsaID}
}

func (t *delivery) review() error {
	for _, form := range []struct{ format, file, what string }{
		{"html", deliveryPlan, "a document to review; the hash in it stands for exactly this plan"},
		{"json", deliveryPlanData, "the same as data"},
	} {
		args := append(append([]string{"plan"}, t.selection(deliveryMap)...), "--source", "sqlite:@"+deliveryJournal, "--format", form.format, "-o", "@"+form.file)
		if _, _, err := t.run(exitDone, args...); err != nil {
			return err
		}
		t.made(form.file, form.what)
	}
	text, err := os.ReadFile(t.path(deliveryPlanData))
	if err != nil {
		return t.broke("the plan can't be read", err)
	}
	var planned struct{ Hash string }
	if err := json.Unmarshal(text, &planned); err != nil || planned.Hash == "" {
		return t.wrong("the plan doesn't say its hash")
	}
	t.plan = planned.Hash
	t.tell(t.plan)
	return nil
}

func (t *delivery) deliver() error {
	if _, _, err := t.run(exitDone, "log", "create", "@"+deliveryLog, "--sign", "@"+deliverySign); err != nil {
		return err
	}
	out, _, err := t.run(exitDone, "deliver", "@"+deliveryOrder, "--sign", "@"+deliverySign, "--plan-hash", t.plan)
	if err != nil {
		return err
	}
	_, outcome, _ := strings.Cut(out, "\n\n")
	t.tell(outcome)
	t.rows(out)
	if err := t.logged(); err != nil {
		return err
	}
	if err := t.arrived(); err != nil {
		return err
	}
	t.made(deliveryArea, "the package, sealed before it left and named when it was whole, and its receipt")
	return nil
}

// logged reads what the log says of the delivery: one that began, and one that was delivered, by the plan that was reviewed.
func (t *delivery) logged() error {
	var lines bytes.Buffer
	f, err := os.Open(t.path(deliveryLog))
	if err != nil {
		return t.broke("the log can't be read", err)
	}
	if err := errors.Join(disclosure.ShowJSON(&lines, f, disclosure.Filter{Order: "tallmo"}), f.Close()); err != nil {
		return t.broke("the log can't be read", err)
	}
	var outcomes []disclosure.Outcome
	for line := range bytes.Lines(lines.Bytes()) {
		var r disclosure.Record
		if err := json.Unmarshal(line, &r); err != nil || r.Disclosure == nil {
			return t.wrong("a record of the log is not about the delivery")
		}
		outcomes = append(outcomes, r.Disclosure.Outcome)
		t.record = r.Disclosure
	}
	if len(outcomes) != 2 || outcomes[0] != disclosure.Started || outcomes[1] != disclosure.Delivered || t.record.Plan != t.plan {
		return t.wrong("the log doesn't say that the reviewed plan was delivered, once")
	}
	return nil
}

// arrived holds the server's folder against the log: the package, its receipt, and nothing else.
func (t *delivery) arrived() error {
	entries, err := os.ReadDir(t.path(deliveryArea))
	if err != nil {
		return t.broke("the server's folder can't be read", err)
	}
	name := t.record.Package.Name
	if len(entries) != 2 || entries[0].Name() != name || entries[1].Name() != name+".receipt.json" {
		return t.wrong("the server has other files than the package and its receipt")
	}
	sum, err := hashFile(filepath.Join(t.path(deliveryArea), name))
	switch {
	case err != nil:
		return t.broke("the package can't be read", err)
	case sum != t.record.Package.SHA256:
		return t.wrong("the package is not the one that the log tells of")
	}
	return nil
}

func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, f.Close())
}

// reception is the command by which the provider receives.
func (t *delivery) reception(to string) []string {
	return []string{"receive", "--from", fmt.Sprintf("%s%s@127.0.0.1:%d/in", sftpScheme, deliveryUser, t.server.port),
		"--known-hosts", "@" + receivedKnownHosts, "--password-file", "@" + receivedPassword, "--provider", t.provider.HsaID,
		"--key", "@" + receivedKey, "--signer", "@" + receivedSigner, "--state", "@" + receivedState, "--spool", "@" + deliveryProvider,
		"--to", "sqlite:@" + to}
}

func (t *delivery) receive() error {
	out, _, err := t.run(exitDone, t.reception(receivedCopy)...)
	if err != nil {
		return err
	}
	if at := strings.Index(out, "\npackage "); at >= 0 {
		t.tell(out[at+1:])
	}
	t.made(receivedCopy, "the care provider's own database, in plaintext where it was asked for")
	return t.counted()
}

// counted holds the received database against the log, table by table.
func (t *delivery) counted() error {
	var all int64
	for _, table := range t.record.Tables {
		n, err := t.count(table.Name)
		switch {
		case err != nil:
			return t.broke("the received database can't be read", err)
		case n != table.Rows:
			return t.wrong("%s has %d rows, and the log says that %d were delivered", table.Name, n, table.Rows)
		}
		all += n
	}
	if all == 0 {
		return t.wrong("no rows were delivered")
	}
	t.u.print("   every table of it has as many rows as the disclosure log says: %s in %s\n", grouped(all), number(len(t.record.Tables), "table"))
	return nil
}

// count counts a received table's rows, by none of utdrag's ways.
func (t *delivery) count(table catalog.Name) (n int64, err error) {
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: t.path(receivedCopy), RawQuery: "mode=ro"}).String())
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.QueryRowContext(t.ctx, `SELECT COUNT(*) FROM "`+strings.ReplaceAll(table.Table, `"`, `""`)+`"`).Scan(&n)
	return n, err
}

func (t *delivery) verifyCopy() error {
	out, _, err := t.run(exitDone, append(append([]string{"verify"}, t.selection(receivedMap)...), "sqlite:@"+receivedCopy)...)
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "checked:") {
			t.tell(line)
		}
	}
	return err
}

func (t *delivery) verifyLog() error {
	for _, args := range [][]string{{"show", "@" + deliveryLog}, {"verify", "@" + deliveryLog, "--key", "@" + receivedSigner}} {
		out, _, err := t.run(exitDone, append([]string{"log"}, args...)...)
		if err != nil {
			return err
		}
		t.tell(out)
	}
	return nil
}

func (t *delivery) replay() error {
	_, messages, err := t.run(exitRefused, t.reception("provider/again.db")...)
	if err != nil {
		return err
	}
	t.tellError(messages)
	if _, err := os.Lstat(t.path("provider/again.db")); err == nil {
		return t.wrong("a refused package was loaded")
	}
	return nil
}

// edit makes a copy of the log in which fewer rows were disclosed.
func (t *delivery) edit() error {
	text, err := os.ReadFile(t.path(deliveryLog))
	if err != nil {
		return t.broke("the log can't be read", err)
	}
	rows := slices.MaxFunc(t.record.Tables, func(a, b disclosure.Table) int { return cmp.Compare(a.Rows, b.Rows) }).Rows
	edited := bytes.Replace(text, fmt.Appendf(nil, `"rows":%d`, rows), fmt.Appendf(nil, `"rows":%d`, rows-1), 1)
	if bytes.Equal(edited, text) {
		return t.wrong("the log doesn't hold the rows that were disclosed")
	}
	err = errors.Join(os.WriteFile(t.path(deliveryEdited), edited, 0o600), copyFile(t.path(deliveryEdited+".anchor"), t.path(deliveryLog+".anchor")))
	if err != nil {
		return t.broke("the log can't be copied", err)
	}
	t.made(deliveryEdited, "the log, with one number of it changed by hand")
	_, messages, err := t.run(exitRefused, "log", "verify", "@"+deliveryEdited, "--key", "@"+receivedSigner)
	if err == nil {
		t.tellError(messages)
	}
	return err
}

// tellError prints what a command refused, without what it said before.
func (t *delivery) tellError(messages string) {
	_, found, _ := strings.Cut(messages, "error ")
	t.tell("error " + found)
}

// wrong is about what came out otherwise than it must.
func (t *delivery) wrong(format string, args ...any) error {
	return &diag.Error{Code: codeDemo, Class: diag.Refused, Message: fmt.Sprintf(format, args...)}
}
