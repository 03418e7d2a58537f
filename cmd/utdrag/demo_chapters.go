package main

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	_ "modernc.org/sqlite" // the driver by which a row is smuggled

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter/diag"
)

// sample makes the database, its map and the keys.
func (d *demo) sample() error {
	if err := pmo.Generate(d.ctx, d.path(demoJournal), pmo.Options{Scale: 1}); err != nil {
		return d.broke("the sample database can't be made", err)
	}
	d.made(demoJournal, "the database: invented persons, patients whom several care providers share")
	if err := os.WriteFile(d.path(demoMap), []byte(pmo.Map), 0o600); err != nil {
		return d.broke("the sample map can't be written", err)
	}
	d.made(demoMap, "its schema map: how each table reaches the care-provider key")
	if err := d.keys(); err != nil {
		return d.broke("the keys can't be made", err)
	}
	d.made(demoPublic, "the invented recipient's public key, to seal for")
	d.made(demoPrivate, "… and the private one, which a real sender never sees")
	d.made(demoMaskKey, "the masking key: with it, the same person gets the same pseudonym everywhere")
	d.u.print("   the order is for %s (%s)\n", d.provider.HsaID, d.provider.Name)
	return nil
}

func (d *demo) broke(what string, err error) error {
	if ctx := d.ctx.Err(); ctx != nil {
		return ctx
	}
	e := &diag.Error{Code: codeDemo, Class: diag.External, Message: what}
	if err != nil {
		e.Err = bare(err)
	}
	return e
}

func (d *demo) check() error {
	out, _, err := d.run(exitDone, "map", "check", "--map", "@"+demoMap, "--source", "sqlite:@"+demoJournal)
	if err == nil {
		d.tell(out)
	}
	return err
}

func (d *demo) plan() error {
	if _, _, err := d.run(exitDone, "catalog", "--source", "sqlite:@"+demoJournal, "-o", "@"+demoCatalog); err != nil {
		return err
	}
	for _, form := range []struct{ format, file, what string }{
		{"text", "plan.txt", "a summary"},
		{"json", "plan.json", "the plan as data"},
		{"html", "plan.html", "a document to review"},
		{"sql", "plan.sql", "a script that a DBA reviews, and runs with sqlite3; it reads the masking key from " + demoMaskKey},
	} {
		if _, _, err := d.run(exitDone, d.command("plan", "--catalog", "@"+demoCatalog, "--format", form.format, "-o", "@"+form.file)...); err != nil {
			return err
		}
		d.made(form.file, form.what)
	}
	return nil
}

func (d *demo) seal() error {
	out, _, err := d.run(exitDone, d.command("extract", "--source", "sqlite:@"+demoJournal, "--to", "@"+demoPackage, "--recipient", "@"+demoPublic, "--mask-key", "@"+demoMaskKey)...)
	if err != nil {
		return err
	}
	d.made(demoPackage, "the package: sealed from its first byte, and readable by the recipient alone")
	d.rows(out)
	return nil
}

// rows tells, on standard error, the last line of the table that extract prints.
func (d *demo) rows(out string) {
	table, _, _ := strings.Cut(out, "\n\n")
	lines := strings.Split(table, "\n")
	d.u.note("   %s, %s", strings.Join(strings.Fields(lines[len(lines)-1]), " "), "tables, rows and bytes")
}

func (d *demo) open() error {
	_, _, err := d.run(exitDone, "open", "@"+demoPackage, "--key", "@"+demoPrivate, "-o", "@"+demoOpened)
	if err == nil {
		d.made(demoOpened, "a folder: schema.sql, the rows as CSV, and load.sh, which makes a database of them")
	}
	return err
}

func (d *demo) verify() error {
	return d.verified("@"+demoPackage, "--key", "@"+demoPrivate)
}

func (d *demo) verified(copied string, more ...string) error {
	out, _, err := d.run(exitDone, d.command("verify", append([]string{copied}, more...)...)...)
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "checked:") {
			d.tell(line)
		}
	}
	return err
}

func (d *demo) copy() error {
	out, _, err := d.run(exitDone, d.command("extract", "--source", "sqlite:@"+demoJournal, "--to", "sqlite:@"+demoCopy, "--mask-key", "@"+demoMaskKey)...)
	if err != nil {
		return err
	}
	d.made(demoCopy, "the copy; it is plaintext, in the place that was named for it")
	d.rows(out)
	return d.verified("sqlite:@" + demoCopy)
}

func (d *demo) stranger() error {
	_, messages, err := d.run(exitRefused, "open", "@"+demoPackage, "--key", "@"+demoStranger, "-o", "@stolen")
	if err == nil {
		d.tell(messages)
	}
	return err
}

// smuggle puts one visit of another care provider into a copy of the copy.
func (d *demo) smuggle() error {
	if err := copyFile(d.path(demoSmuggling), d.path(demoCopy)); err != nil {
		return d.broke("the copy can't be copied", err)
	}
	if err := smuggle(d.path(demoSmuggling), d.path(demoJournal)); err != nil {
		return d.broke("the row can't be smuggled", err)
	}
	d.made(demoSmuggling, "the copy, with one visit of another care provider added by hand")
	_, messages, err := d.run(exitRefused, d.command("verify", "sqlite:@"+demoSmuggling)...)
	if err == nil {
		_, found, _ := strings.Cut(messages, "error ")
		d.tell("error " + found)
	}
	return err
}

func copyFile(to, from string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

func smuggle(into, from string) (err error) {
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: into}).String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // what is attached is so on one connection
	if _, err := db.Exec("ATTACH DATABASE ? AS journal", from); err != nil {
		return err
	}
	done, err := db.Exec("INSERT INTO main.Visit SELECT * FROM journal.Visit v WHERE v.Id NOT IN (SELECT Id FROM main.Visit) ORDER BY v.Id LIMIT 1")
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, fmt.Errorf("%d rows were added", n))
	}
	return nil
}
