package disclosure

import (
	"encoding/hex"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
)

// Bounds that no real disclosure comes near, and that keep a line below maxLine.
const (
	maxTables = 20_000
	maxUnits  = 2_000
	maxText   = 200     // characters of free text
	maxNumber = 1 << 53 // what every reader of JSON keeps exact
)

var (
	// HSA-id: SE, the organisation number in ten digits or in twelve with a leading 16, a hyphen, and A-Z a-z 0-9; at most
	// 31 characters. The check digit is the order's matter: an id that is registered with a slip is still the one that ran.
	hsaForm      = regexp.MustCompile(`^SE(?:16)?[0-9]{10}-[A-Za-z0-9]+$`)
	codeForms    = regexp.MustCompile(`^[A-Z]{2}[0-9]{3}$`)
	fileForm     = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._+-]{0,199}$`)
	hostForm     = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$`)
	addressParts = regexp.MustCompile(`://|[@?;=]`)
)

const (
	lowerHex = "0123456789abcdef"
	upperHex = "0123456789ABCDEF"
)

func isHex(s, digits string, lengths ...int) bool {
	return slices.Contains(lengths, len(s)) && strings.Trim(s, digits) == ""
}

func isHSA(s string) bool         { return len(s) <= 31 && hsaForm.MatchString(s) }
func isFingerprint(s string) bool { return isHex(s, upperHex, 40, 64) }
func isSHA256(s string) bool      { return isHex(s, lowerHex, 64) }
func isHash(s string) bool {
	rest, ok := strings.CutPrefix(s, "sha256:")
	return ok && isSHA256(rest)
}

// checks gathers the first thing wrong. What a field holds is never said: it may be what must not be in a log.
type checks struct{ err error }

func (c *checks) hold(ok bool, field, rule string) {
	if !ok && c.err == nil {
		c.err = refused(codeField, rule, "the field %s breaks its rule", field)
	}
}

// optional holds a field to its rule unless it is empty.
func (c *checks) optional(s string, is func(string) bool, field, rule string) {
	c.hold(s == "" || is(s), field, rule)
}

// text holds a field that isn't a code of some kind to what any text here must be.
func (c *checks) text(s string, limit int, field string) {
	c.textOf(s, limit, field, personal)
}

// textOf is text where something of its own says what looks like a person's number.
func (c *checks) textOf(s string, limit int, field string, personal func(string) bool) {
	if c.err != nil || s == "" {
		return
	}
	if len(s) > 4*limit || len([]rune(s)) > limit {
		c.err = refused(codeLong, "shorten it; the log holds no accounts of anything", "the field %s is longer than %d characters", field, limit)
		return
	}
	c.hold(printable(s, limit), field, "one line of printable text, no space at its ends")
	if c.err == nil && personal(s) {
		c.err = refused(codePersonal, "take the number out: nothing of a patient may be in the log",
			"the field %s looks as if it held a person's number", field)
	}
}

const (
	hsaRule         = "an HSA-id: SE, the organisation number, a hyphen, and letters or digits"
	hashRule        = "sha256: and 64 lowercase hexadecimal digits"
	fingerprintRule = "40 or 64 uppercase hexadecimal digits"
)

func (r *Record) check() error {
	c := &checks{}
	c.hold(r.Format == Format, "disclosure_log", "this version reads format 1 alone")
	c.hold(isHex(r.Log, lowerHex, 32), "log", "32 lowercase hexadecimal digits")
	c.hold(r.Sequence >= 1 && r.Sequence <= maxNumber, "sequence", "from 1")
	c.hold(isSHA256(r.Previous), "previous", "64 lowercase hexadecimal digits")
	c.hold((r.Previous == noPrevious) == (r.Sequence == 1), "previous", "zeros for the first record alone")
	c.hold(isTime(r.Time), "time", "RFC 3339 in UTC with milliseconds, from the year 2000 on")
	c.hold(!r.ClockBack || r.Sequence > 1, "clock_back", "not of the first record")
	c.hold(isFingerprint(r.Signer), "signer", fingerprintRule)
	c.hold(len(r.Signature) <= 16<<10, "signature", "an OpenPGP signature")
	r.Actor.check(c)
	n := 0
	if r.Opened != nil {
		n++
		c.hold(r.Opened.Tool != "", "opened.tool", "the program and its version")
		c.text(r.Opened.Tool, 100, "opened.tool")
	}
	if r.Repaired != nil {
		n++
		c.hold(fileForm.MatchString(r.Repaired.File), "repaired.file", "a file's name")
		c.hold(r.Repaired.Size > 0, "repaired.size", "in bytes, at least 1")
		c.hold(isSHA256(r.Repaired.SHA256), "repaired.sha256", "64 lowercase hexadecimal digits")
	}
	if r.Disclosure != nil {
		n++
		r.Disclosure.check(c)
		c.hold(r.Disclosure.Started >= 0 && r.Disclosure.Started < r.Sequence, "started", "the number of an earlier record")
	}
	c.hold(n == 1 && (r.Opened != nil) == (r.Sequence == 1), "opened", "the first record and no other opens the log; each says one thing")
	return c.err
}

func isTime(s string) bool {
	at, err := parseTime(s)
	return err == nil && at.Format(timeForm) == s && at.Year() >= 2000
}

func (a *Actor) check(c *checks) {
	name := func(s string) bool { return printable(s, 256) }
	c.hold(name(a.User), "actor.user", "the operating system's name of the user")
	c.hold(name(a.UID), "actor.uid", "the operating system's number of the user")
	c.hold(name(a.Host), "actor.host", "the host's name")
	c.optional(a.Key, isFingerprint, "actor.key", fingerprintRule)
	if a.Certificate != nil {
		c.hold(a.Certificate.Subject != "", "actor.certificate.subject", "a distinguished name")
		c.text(a.Certificate.Subject, 512, "actor.certificate.subject")
		c.hold(isHSA(a.Certificate.HSAID), "actor.certificate.hsa_id", hsaRule)
		c.hold(isSHA256(a.Certificate.SHA256), "actor.certificate.sha256", "64 lowercase hexadecimal digits")
	}
}

// needs is what a record of an outcome can't be without.
type needs struct{ code, provider, order, hashes, tables, recipient, destination, pkg bool }

// A refusal may come before anything is known of an order but the file it is in, and must be recorded all the same.
var rules = map[Outcome]needs{
	Started:   {provider: true, order: true},
	Delivered: {provider: true, order: true, hashes: true, tables: true, recipient: true, destination: true, pkg: true},
	Held:      {provider: true, order: true, code: true},
	Refused:   {code: true},
	Failed:    {provider: true, order: true, code: true},
	Received:  {provider: true, pkg: true},
	Loaded:    {provider: true, pkg: true, tables: true, destination: true},
}

// Check is why [Log.Append] wouldn't write it, or nil: nothing is begun that can't be logged to its end.
func (d *Disclosure) Check() error {
	c := &checks{}
	d.check(c)
	return c.err
}

func (d *Disclosure) check(c *checks) {
	need, known := rules[d.Outcome]
	c.hold(known, "outcome", "started, delivered, held, refused, failed, received or loaded")
	if !known {
		return
	}
	given := func(present, needed bool, field string) {
		c.hold(present || !needed, field, "an outcome "+string(d.Outcome)+" needs it")
	}
	c.hold((d.Code != "") == need.code, "code", "of held, refused and failed, and of nothing else")
	given(d.Provider != "", need.provider, "provider")
	given(d.Order.ID != "", need.order, "order.id")
	given(d.Order.Hash != "", need.order, "order.hash")
	given(d.Map != "", need.hashes, "map")
	given(d.Catalog != "", need.hashes, "catalog")
	given(d.Plan != "", need.hashes, "plan")
	given(len(d.Tables) > 0, need.tables, "tables")
	given(d.Recipient != "", need.recipient, "recipient")
	given(d.Destination != Destination{}, need.destination, "destination")
	given(d.Package != Package{}, need.pkg, "package")

	c.optional(d.Code, codeForms.MatchString, "code", "two letters and three digits")
	c.text(d.Order.ID, 100, "order.id")
	c.optional(d.Order.Hash, isHash, "order.hash", hashRule)
	c.optional(d.Provider, isHSA, "provider", hsaRule)
	c.text(d.Purpose, maxText, "purpose")
	c.optional(d.Map, isHash, "map", hashRule)
	c.optional(d.Catalog, isHash, "catalog", hashRule)
	c.optional(d.Plan, isHash, "plan", hashRule)
	c.optional(d.Recipient, isFingerprint, "recipient", fingerprintRule)
	c.optional(d.Sender, isFingerprint, "sender", fingerprintRule)
	d.checkLists(c)
	d.Destination.check(c)
	if d.Package != (Package{}) {
		c.hold(fileForm.MatchString(d.Package.Name), "package.name", "a file's name of letters, digits and . _ + -")
		c.text(d.Package.Name, 200, "package.name")
		c.hold(isSHA256(d.Package.SHA256), "package.sha256", "64 lowercase hexadecimal digits")
		c.hold(d.Package.Size > 0, "package.size", "in bytes, at least 1")
	}
}

func (d *Disclosure) checkLists(c *checks) {
	if c.err == nil && (len(d.Tables) > maxTables || len(d.Units) > maxUnits) {
		c.err = refused(codeLong, "divide it into several", "more than %d tables or %d units", maxTables, maxUnits)
		return
	}
	units := make(map[string]bool, len(d.Units))
	for _, u := range d.Units {
		c.hold(isHSA(u), "units", hsaRule)
		c.hold(!units[u], "units", "each once")
		units[u] = true
	}
	tables := make(map[catalog.Name]bool, len(d.Tables))
	for _, t := range d.Tables {
		c.text(t.Name.Schema, 128, "tables.name")
		c.hold(t.Name.Table != "", "tables.name", "a table's name")
		c.text(t.Name.Table, 128, "tables.name")
		c.hold(t.Rows >= 0 && t.Rows <= maxNumber, "tables.rows", "at least 0")
		c.hold(!tables[t.Name], "tables.name", "each once")
		tables[t.Name] = true
	}
}

func (d *Destination) check(c *checks) {
	if *d == (Destination{}) {
		return
	}
	host, port, folder := d.Host != "", d.Port != 0, d.Folder != ""
	switch d.Kind {
	case SFTP:
		c.hold(host && port && folder, "destination", "sftp has a host, a port and a folder")
	case Folder:
		c.hold(!host && !port && folder, "destination", "a folder has a folder alone")
	case Command:
		c.hold(!host && !port && !folder, "destination", "a command has nothing more")
	case Database:
		c.hold(folder && (host || !port), "destination", "a database has its name, and a host unless it is a file")
	default:
		c.hold(false, "destination.kind", "sftp, folder, command or database")
	}
	c.optional(d.Host, isHost, "destination.host", "a host's name or IP address, without user or port")
	c.hold(d.Port >= 0 && d.Port <= 65535, "destination.port", "1 to 65535")
	c.textOf(d.Folder, 1024, "destination.folder", personalWritten)
	// An address may hold a password; so may what follows a question mark or a semicolon.
	c.hold(!addressParts.MatchString(d.Folder), "destination.folder", "a path alone, not an address with a user or settings")
}

func isHost(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return !strings.Contains(s, "%") // a zone is any text
	}
	return len(s) <= 253 && hostForm.MatchString(s) && !personal(s)
}

func hexOf(sum [32]byte) string { return hex.EncodeToString(sum[:]) }
