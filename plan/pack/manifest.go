package pack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/mask/value"
)

// Format is the version of the package format that this package writes, and the only one it reads.
const Format = 1

// Info is what the manifest says of the copy as a whole. The same copy gives the same Info, but for Order: it holds no other
// clock.
type Info struct {
	// Tool names the program and its version: "utdrag 0.1.0".
	Tool string `json:"tool"`
	// Provider is the provider key of the order; Units narrow it.
	Provider string   `json:"provider"`
	Units    []string `json:"units,omitempty"`
	// Engine is the source's engine, as in [catalog.Catalog]. Under "sqlite" a column holds what its affinity lets in,
	// see [Column].
	Engine string `json:"engine"`
	// MapHash, CatalogHash and PlanHash pin what was run.
	MapHash     string `json:"map_hash"`
	CatalogHash string `json:"catalog_hash"`
	PlanHash    string `json:"plan_hash"`
	// Snapshot is the kind of snapshot that every read saw.
	Snapshot string `json:"snapshot"`
	// Inconsistent is set where the rows were not read under one snapshot.
	Inconsistent bool `json:"inconsistent"`
	// Order binds the package to the order that it was made for, if there was one. It came to the format after the other fields:
	// packages without it are as they were.
	Order Order `json:"order,omitzero"`
}

// Order says which order a package answers, and when. Its recipient holds it against those that came before: a package whose
// Created isn't after the last one's of the same provider and order is a replay, or an older one.
type Order struct {
	ID string `json:"id"`
	// Hash is over the order's canonical text: "sha256:" and 64 lowercase hexadecimal digits.
	Hash string `json:"hash"`
	// Sequence is the number of the record, in the sender's disclosure log, that says that the package was begun.
	Sequence int64 `json:"sequence"`
	// Created is when it was begun, by the sender's clock: RFC 3339 in UTC, whole seconds.
	Created string `json:"created"`
}

// At is when the package was begun.
func (o Order) At() time.Time {
	at, _ := time.Parse(time.RFC3339, o.Created)
	return at.UTC()
}

// Manifest lists what a package holds. Its JSON is the package's last entry.
type Manifest struct {
	Format int `json:"format"`
	Info
	// Plaintext is set for a copy that was never sealed: a directory that the user asked for as such.
	Plaintext   bool        `json:"plaintext"`
	Compression Compression `json:"compression"`
	// Recipients are the fingerprints of the primary keys it is sealed for, Signer that of the sender's, or "".
	Recipients []string `json:"recipients"`
	Signer     string   `json:"signer,omitempty"`
	// Files are the entries before the tables, in order.
	Files []File `json:"files"`
	// Tables are in the order of the entries, which is the order to load them in.
	Tables []Content `json:"tables"`
}

// File is one entry.
type File struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	// SHA256 is in lowercase hex.
	SHA256 string `json:"sha256"`
}

// Table says what a table's rows look like.
type Table struct {
	Name    catalog.Name `json:"name"`
	Columns []Column     `json:"columns"`
}

// Column is one column of a table, as it is copied.
type Column struct {
	Name string `json:"name"`
	// EngineType is the source's declared type.
	EngineType string     `json:"engine_type"`
	Type       value.Type `json:"type"`
	Nullable   bool       `json:"nullable"`
	// Mask is the mask as the map spells it, without keys or other secrets; "" for a column that is kept as it is.
	Mask string `json:"mask,omitempty"`
}

// Content is a table and what was written of it.
type Content struct {
	Table
	Rows int64 `json:"rows"`
	// Bytes counts the parts together and SHA256 is of them in a row, as one CSV file.
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	// KeyDigest is the caller's own digest of the rows' keys, or "".
	KeyDigest string `json:"key_digest,omitempty"`
	Parts     []File `json:"parts"`
}

// Encode returns the manifest's JSON. The same manifest gives the same bytes.
func (m *Manifest) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("encoding the manifest: %w", err)
	}
	return b.Bytes(), nil
}
