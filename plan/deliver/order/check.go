package order

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
)

// Source is what the check of an order asks the source database.
type Source interface {
	// Registered reports whether the source has exactly one provider with this HSA-id.
	Registered(ctx context.Context, provider string) (bool, error)
	// UnitsOf returns the HSA-ids of the provider's units.
	UnitsOf(ctx context.Context, provider string) ([]string, error)
}

// Sources opens, or returns the opened, source of an order. It belongs to the caller, who closes it after [Check].
type Sources func(ctx context.Context, o *Order) (Source, error)

// Check holds orders, each of which [Parse] took, against each other, the clock, the files that they name, and the sources where
// sources is not nil. It tells everything that it finds, sorted by place; nothing is delivered by a set of orders that is refused.
//
// A key's state is looked at both at now and at the time of the machine's clock.
func Check(ctx context.Context, orders []*Order, now time.Time, sources Sources) diag.List {
	orders = slices.Clone(orders)
	slices.SortStableFunc(orders, func(a, b *Order) int {
		return 2*strings.Compare(a.file, b.file) + strings.Compare(a.ID, b.ID)
	})
	c := &check{now: now}
	for _, o := range orders {
		c.dates(o)
		c.units(o)
		c.logged(o)
		c.files(o)
		c.key(o)
		if sources != nil {
			c.source(ctx, o, sources)
		}
	}
	for i, o := range orders {
		for _, earlier := range orders[:i] {
			c.pair(earlier, o)
		}
	}
	c.sharedKeys(orders)
	c.found.Sort()
	return c.found
}

// check gathers what Check finds.
type check struct {
	now   time.Time
	found diag.List
	keys  map[*Order][]string // the fingerprint and the material of every part of each order's key
}

func (c *check) add(o *Order, field string, f flaw) {
	c.found = append(c.found, f.at(o.Place(field)))
}

func (c *check) dates(o *Order) {
	zone, err := time.LoadLocation(o.Interval.Zone)
	if err != nil {
		zone = time.UTC
	}
	if today := dateOf(c.now.In(zone)); o.Orderer.Date.Compare(today) > 0 {
		c.add(o, "orderer.date", flaw{code: CodeDateAhead, summary: "the order is dated ahead of today",
			advice: "an order holds from when it was signed; correct the date, and say with interval's start when deliveries begin"})
	}
}

func (c *check) units(o *Order) {
	for i, u := range o.Units {
		if OrganisationNumber(u.HSAID) != o.OrganisationNumber() {
			c.add(o, fmt.Sprintf("unit[%d].hsa_id", i), flaw{code: CodeUnitElsewhere, warning: true,
				summary: "the unit's HSA-id has another organisation number than the provider's",
				advice:  "make sure that the unit performs care for this provider"})
		}
	}
}

// files looks for the files that an order names. The key's file is looked at on its own.
func (c *check) files(o *Order) {
	named := []struct{ field, path string }{{"map", o.Map}, {"masking_key", o.MaskingKey}}
	if path, ok := strings.CutPrefix(o.Source, "sqlite:"); ok {
		named = append(named, struct{ field, path string }{"source", path})
	}
	if path, ok := strings.CutPrefix(o.Source, "file:"); ok {
		named = append(named, struct{ field, path string }{"source", path})
	}
	if s := o.Delivery.SFTP; s != nil {
		named = append(named, []struct{ field, path string }{
			{"delivery.sftp.known_hosts", s.KnownHosts}, {"delivery.sftp.key", s.KeyFile},
			{"delivery.sftp.password", s.Password.File}, {"delivery.sftp.passphrase", s.Passphrase.File},
		}...)
	}
	for _, n := range named {
		if n.path == "" {
			continue
		}
		if info, err := os.Stat(o.Path(n.path)); err != nil || !info.Mode().IsRegular() {
			c.add(o, n.field, flaw{code: CodeFileMissing, summary: "the file that " + n.field[strings.LastIndexByte(n.field, '.')+1:] + " names isn't there, or is no file",
				advice: "check the name; one that isn't absolute begins in the order's folder"})
		}
	}
}

// pair holds two orders against each other. The provider's own orders may share what belongs to it.
func (c *check) pair(first, second *Order) {
	if first.ID == second.ID {
		c.add(second, "id", flaw{code: CodeSameID, summary: "another order has the same id",
			advice: "first at " + spot(first, "id") + "; state and log are kept by id: give each order its own"})
	}
	if first.OrganisationNumber() == second.OrganisationNumber() {
		return
	}
	a, b := first.Delivery, second.Delivery
	// Many servers don't tell capitals in a user's name: names that differ in nothing else are taken for one account.
	if a.SFTP != nil && b.SFTP != nil && sameServer(a.SFTP, b.SFTP) && strings.EqualFold(a.SFTP.User, b.SFTP.User) {
		c.add(second, "delivery.sftp.user", flaw{code: CodeSameAccount, summary: "another provider's order has the same SFTP account",
			advice: "first at " + spot(first, "delivery.sftp.user") + "; each legal person has an account of its own"})
	}
	if a.Folder != "" && b.Folder != "" && overlap(settled(first.Path(a.Folder)), settled(second.Path(b.Folder))) {
		c.add(second, "delivery.folder.path", flaw{code: CodeSameFolder, summary: "another provider's order has the same folder, or one inside or around it",
			advice: "first at " + spot(first, "delivery.folder.path") + "; each legal person has a folder of its own"})
	}
	if len(a.Command) > 0 && slices.Equal(a.Command, b.Command) {
		c.add(second, "delivery.command.argv", flaw{code: CodeSameCommand, warning: true, summary: "another provider's order runs the same command with the same arguments",
			advice: "first at " + spot(first, "delivery.command.argv") + "; make sure that it tells providers apart"})
	}
}

// sameServer reports whether two accounts are at one server: by name and port, or by its host key, which a server has under all of
// its names. Names that lead to one server whose key isn't pinned by fingerprint in both orders pass unseen.
func sameServer(a, b *SFTP) bool {
	return a.Host == b.Host && a.Port == b.Port || a.HostKey != "" && a.HostKey == b.HostKey
}

// spot is a field's place in words.
func spot(o *Order, field string) string {
	if at := o.Place(field).String(); at != "" {
		return at
	}
	return "order " + o.ID
}

// settled is a folder's path with every link on the way followed, as far as there is anything on the way.
func settled(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return filepath.Clean(path)
	}
	rest := ""
	for at := path; ; {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(real, rest)
		}
		parent := filepath.Dir(at)
		if parent == at {
			return path
		}
		rest, at = filepath.Join(filepath.Base(at), rest), parent
	}
}

// overlap reports whether two folders are one, or one is inside the other.
func overlap(a, b string) bool {
	within := func(inner, outer string) bool {
		relative, err := filepath.Rel(outer, inner)
		return err == nil && relative != ".." && !strings.HasPrefix(relative, ".."+string(filepath.Separator))
	}
	if within(a, b) || within(b, a) {
		return true
	}
	one, err := os.Stat(a)
	other, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(one, other)
}
