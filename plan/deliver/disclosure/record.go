package disclosure

import (
	"time"

	"github.com/utdrag/utdrag/filter/catalog"
)

// Format is the version of the log's form that this package writes, and the only one it reads.
const Format = 1

// Record is one line of the log. Exactly one of Opened, Disclosure and Repaired is set.
type Record struct {
	Format int `json:"disclosure_log"`
	// Log is the log's own id, 32 hexadecimal digits drawn when it was made.
	Log string `json:"log"`
	// Sequence counts from 1.
	Sequence int64 `json:"sequence"`
	// Previous is the SHA-256 of the line before, its newline included; of the first record, 64 zeros.
	Previous string `json:"previous"`
	// Time is RFC 3339 in UTC, to the millisecond.
	Time string `json:"time"`
	// ClockBack is set when Time is before that of the record before.
	ClockBack  bool        `json:"clock_back,omitempty"`
	Actor      Actor       `json:"actor"`
	Opened     *Opened     `json:"opened,omitempty"`
	Disclosure *Disclosure `json:"disclosure,omitempty"`
	Repaired   *Repaired   `json:"repaired,omitempty"`
	// Signer is the fingerprint of the primary key that signed, in uppercase hex.
	Signer string `json:"signer"`
	// Signature is a binary OpenPGP signature over the line without this member and without the newline.
	Signature []byte `json:"signature,omitempty"`
}

// At is when it was written.
func (r *Record) At() time.Time {
	at, err := parseTime(r.Time)
	if err != nil {
		return time.Time{}
	}
	return at
}

// Actor is who ran the program. It is an employee or an account of one, never a patient.
type Actor struct {
	// User and UID are the operating system's; on Windows the UID is the account's SID.
	User string `json:"user"`
	UID  string `json:"uid"`
	Host string `json:"host"`
	// Certificate is the client certificate that the actor showed; see [CertificateOf].
	Certificate *Certificate `json:"certificate,omitempty"`
	// Key is the fingerprint of the OpenPGP key that the actor showed.
	Key string `json:"key,omitempty"`
}

// Certificate names an X.509 client certificate.
type Certificate struct {
	Subject string `json:"subject"`
	HSAID   string `json:"hsa_id"`
	SHA256  string `json:"sha256"`
}

// Opened is the first record of a log.
type Opened struct {
	// Tool names the program and its version: "utdrag 0.1.0".
	Tool string `json:"tool"`
}

// Repaired says that a torn last line was moved aside, and what it was.
type Repaired struct {
	// File is the name it got, beside the log.
	File   string `json:"file"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Outcome is what became of an order.
type Outcome string

// The outcomes. Received and Loaded belong in the log of a care provider, the others in that of the region.
const (
	Started   Outcome = "started"   // the run began; written before any row is read
	Delivered Outcome = "delivered" // the package is with the provider
	Held      Outcome = "held"      // somebody must confirm it first
	Refused   Outcome = "refused"   // a rule stopped it
	Failed    Outcome = "failed"    // database, network or disk failed
	Received  Outcome = "received"  // a package was taken in and found whole
	Loaded    Outcome = "loaded"    // its rows are in the provider's database
)

// Disclosure is one step of one order. Which fields an outcome needs is in the table of rules in check.go.
type Disclosure struct {
	Outcome Outcome `json:"outcome"`
	// Code is that of the diagnostic that held, refused or failed it.
	Code string `json:"code,omitempty"`
	// Started is the number of the record in this log that says when the run began.
	Started  int64    `json:"started,omitempty"`
	Order    Order    `json:"order,omitzero"`
	Provider string   `json:"provider,omitempty"` // HSA-id
	Units    []string `json:"units,omitempty"`    // HSA-ids
	// Purpose is the order's: one line of at most 200 characters, the only free text of a record.
	Purpose string `json:"purpose,omitempty"`
	// Map, Catalog and Plan are hashes, "sha256:" and 64 hexadecimal digits.
	Map     string `json:"map,omitempty"`
	Catalog string `json:"catalog,omitempty"`
	Plan    string `json:"plan,omitempty"`
	// Recipient and Sender are fingerprints of primary keys in uppercase hex: who it is sealed for, and who signed it.
	Recipient   string      `json:"recipient,omitempty"`
	Sender      string      `json:"sender,omitempty"`
	Destination Destination `json:"destination,omitzero"`
	Package     Package     `json:"package,omitzero"`
	Tables      []Table     `json:"tables,omitempty"`
}

// Order names the order that was followed.
type Order struct {
	ID string `json:"id,omitempty"`
	// Hash is "sha256:" and 64 hexadecimal digits, over the order's file.
	Hash string `json:"hash,omitempty"`
}

// Kind says how a destination is reached.
type Kind string

// The kinds of destination.
const (
	SFTP     Kind = "sftp"     // Host, Port and Folder
	Folder   Kind = "folder"   // Folder
	Command  Kind = "command"  // nothing more: a command line may hold secrets
	Database Kind = "database" // Host, unless it is a file, and Folder: the database's name
)

// Destination is where it went. It has no place for a user, a password or an address with either.
type Destination struct {
	Kind   Kind   `json:"kind"`
	Host   string `json:"host,omitempty"`
	Port   int    `json:"port,omitempty"`
	Folder string `json:"folder,omitempty"`
}

// Package is the sealed file.
type Package struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// Table is how many rows of one table went.
type Table struct {
	Name catalog.Name `json:"name"`
	Rows int64        `json:"rows"`
}

// timeForm has a fixed width, so that times sort as text.
const timeForm = "2006-01-02T15:04:05.000Z"

func parseTime(text string) (time.Time, error) { return time.Parse(timeForm, text) }
