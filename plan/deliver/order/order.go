package order

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strings"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
)

// Order is one order: the fields of the form, and what carrying it out needs beside them. What [Parse] returns is complete and
// has its defaults filled in. Paths are as they were written; [Order.Path] finds the file.
type Order struct {
	ID       string // tells orders apart, in logs and states too
	Provider Party  // vårdgivare: whose data, and who is to have them
	Units    []Party
	Interval Interval

	Responsible Contact
	IT          Contact
	Other       string // other information; may be empty
	Orderer     Orderer
	Purpose     string // written to the disclosure log

	Source     string // sqlite:FILE, postgres://…, sqlserver://…, env:NAME or file:PATH
	Map        string
	Format     string // the engine that the package is for: see [Formats]
	Recipient  Recipient
	MaskingKey string // a file's name, or ""
	Delivery   Delivery
	Hold       Hold
	Retry      Retry

	file   string
	places map[string]diag.Range
}

// Party is a provider or unit by name and HSA-id.
type Party struct{ Name, HSAID string }

// Contact is a person to reach.
type Contact struct{ Name, Phone, Email string }

// Orderer is the head of operations who orders for the legal person (journalombud).
type Orderer struct {
	Name        string
	Place       string
	Date        Date
	NameInPrint string // namnförtydligande, below the signature
}

// Recipient is the provider's OpenPGP key.
type Recipient struct {
	KeyFile     string
	Fingerprint string // of the primary key, uppercase hex
}

// Delivery is where packages go: exactly one is set.
type Delivery struct {
	SFTP    *SFTP
	Folder  string
	Command []string // the program and its arguments
}

// SFTP is an account at a server. Exactly one of HostKey and KnownHosts is set, and exactly one of Password, KeyFile and Agent.
type SFTP struct {
	Host       string // name or address, lowercase
	Port       int
	User       string
	Folder     string // at the server; "." is where the account begins
	HostKey    string // SHA256:…, as ssh-keygen -l prints it
	KnownHosts string // a file's name
	Password   Secret
	KeyFile    string // a private SSH key's file
	Passphrase Secret // of that key; may be none
	Agent      bool
}

// Hold says when a delivery waits for somebody's word: a table that changed by more than so many percent since the last.
type Hold struct {
	Change int // percent, for tables without a line of their own
	Tables []TableChange
}

// TableChange is the bound of one table.
type TableChange struct {
	Table  string
	Change int
}

// Of is the bound of a table, in percent.
func (h Hold) Of(table string) int {
	for _, t := range h.Tables {
		if t.Table == table {
			return t.Change
		}
	}
	return h.Change
}

// Retry says how often a delivery is tried, and how long to wait between: Wait, then twice as long each time up to Longest.
type Retry struct {
	Attempts int
	Wait     time.Duration
	Longest  time.Duration
}

// The defaults of what may be left out.
const (
	defaultZone     = "Europe/Stockholm"
	defaultPort     = 22
	defaultFolder   = "."
	defaultChange   = 25
	defaultAttempts = 5
	defaultWait     = time.Minute
	defaultLongest  = time.Hour
)

// defaultClock exists exactly once every day in Swedish time: clocks change between 02:00 and 03:00.
var defaultClock = Clock{Hour: 1}

// Formats are the engines that a package can be ordered for.
func Formats() []string { return []string{"sqlserver", "postgres", "sqlite"} }

// File is the file that the order was read from, or "".
func (o *Order) File() string { return o.file }

// Place is where a field stands in the file, by its name with the blocks around it: "recipient.key", "unit[0].hsa_id". It is the
// nearest block's place where the field isn't written, and no place where the order wasn't read from a text.
func (o *Order) Place(field string) diag.Range {
	for {
		if at, ok := o.places[field]; ok || field == "" {
			return at
		}
		field = field[:max(0, strings.LastIndexByte(field, '.'))]
	}
}

// Path is the name of a file that the order names: one that isn't absolute begins in the order's folder.
func (o *Order) Path(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(o.file), name)
}

// OrganisationNumber is the provider's: the legal person's identity.
func (o *Order) OrganisationNumber() string { return OrganisationNumber(o.Provider.HSAID) }

// Equal reports whether two orders say the same, wherever they stand.
func (o *Order) Equal(other *Order) bool { return string(plainText(o)) == string(plainText(other)) }

// Hash is the SHA-256 of the canonical text, in hex. Layout, comments and defaults written out don't change it.
func (o *Order) Hash() string {
	sum := sha256.Sum256(append([]byte("utdrag order 1\n"), plainText(o)...))
	return hex.EncodeToString(sum[:])
}
