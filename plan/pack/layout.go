package pack

import (
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/filter/catalog"
)

// The entries besides the tables' parts. They come in this order; all but the first and the last may be missing.
const (
	readmeName   = "README.txt"
	manifestName = "manifest.json"
)

var fileNames = []string{readmeName, "schema.sql", "definition.json", "catalog.json", "plan.sql", "load.sh", "load.sql"}

const (
	// PartSize is the greatest size of an entry, in bytes, the manifest excepted: what a reader must hold in memory to
	// check an entry before it lets go of it.
	PartSize = 16 << 20

	// writtenPart is where the writer ends a part. Half of what is allowed keeps a run below 25 MB: the collector lets
	// a heap grow to twice what is in use.
	writtenPart = 8 << 20

	maxManifest = 64 << 20
	maxTables   = 9999
	maxParts    = 999999
)

// dirName is the folder of the table with that number, counted from 1. Only the number tells tables apart: the name is
// for people, so it is cut down to what every file system agrees on.
func dirName(number int, name catalog.Name) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name.Table) {
		switch {
		case b.Len() >= 40:
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			b.WriteRune(r)
		case r == 'å', r == 'ä':
			b.WriteByte('a')
		case r == 'ö':
			b.WriteByte('o')
		default:
			b.WriteByte('_')
		}
	}
	return fmt.Sprintf("data/%04d-%s", number, b.String())
}

func partName(dir string, number int) string { return fmt.Sprintf("%s/part-%06d.csv", dir, number) }

// position is where a reader stands in the layout. It knows every legal next name, so that a name out of place, twice,
// in another case, or leading anywhere else can't be accepted.
type position struct {
	file  int // files up to this index of fileNames were passed
	table int // the current table's number; 0 before the first
	part  int
	dir   string
	done  bool
}

// move accepts the next entry's name. New tables are told by newTable.
func (p *position) move(name string) (newTable bool, err error) {
	bad := refused(codeEntry, "", "an entry that has no place in a package, at table %d, part %d", p.table, p.part)
	if p.done {
		return false, bad
	}
	if name == manifestName && p.file > 0 {
		p.done = true
		return false, nil
	}
	if p.table == 0 {
		for i := p.file; i < len(fileNames); i++ {
			if p.file == 0 && i > 0 {
				return false, refused(codeEntry, "", "the package doesn't begin with %s", readmeName)
			}
			if name == fileNames[i] {
				p.file = i + 1
				return false, nil
			}
		}
	}
	if p.file == 0 {
		return false, bad
	}
	if p.table > 0 && p.part < maxParts && name == partName(p.dir, p.part+1) {
		p.part++
		return false, nil
	}
	// The manifest alone knows the table's name, so any name of the right shape will do until it has been read.
	dir, base, ok := cutLast(name, '/')
	label, found := strings.CutPrefix(dir, fmt.Sprintf("data/%04d-", p.table+1))
	if !ok || !found || base != "part-000001.csv" || p.table >= maxTables || !safeLabel(label) {
		return false, bad
	}
	p.table, p.part, p.dir = p.table+1, 1, dir
	return true, nil
}

func safeLabel(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return len(s) <= 40
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}
