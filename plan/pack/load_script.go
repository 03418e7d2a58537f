package pack

import (
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/mask/value"
)

// LoadScript returns load.sh for a copy of a SQLite source: a POSIX shell script that makes a new database of an
// unpacked package with the stock sqlite3 shell, 3.40 or later. The tables must be those of the package, in the order
// in which they will be written; schema.sql must make them.
//
// Rows go through a view whose trigger gives each cell its form back, so nothing is staged. Tables with binary or
// untyped columns can't go that way, as SQL has no unhex() before SQLite 3.41: those are staged in a private temporary
// database beside the copy, and come out of it as INSERT statements. Everything is one transaction in a file that gets
// its name last; before that, the row counts must be the manifest's and every foreign key must hold.
//
// A cell's CSV text may have 1,000,000,000 bytes, SQLite's own limit: so a blob may have half of that. Every cell comes
// out as it was, value and storage class, but for one thing that is SQLite's: version 3.40 may read the last bit of a
// real nearer zero than 1e-290 wrong, and of any real where the machine has no 80-bit floats.
func LoadScript(tables []Table) ([]byte, error) {
	prefix := scratchPrefix(tables)
	var b strings.Builder
	b.WriteString(scriptHead)
	b.WriteString("PRAGMA foreign_keys=OFF;\n.read schema.sql\nBEGIN;\n")
	for i, t := range tables {
		if err := t.check(); err != nil {
			return nil, err
		}
		parts := dirName(i+1, t.Name) + "/part-*.csv"
		fmt.Fprintf(&b, "-- %d: %s\n", i+1, t.Name)
		if throughView(t) {
			writeView(&b, t, prefix, parts)
		} else {
			writeStaged(&b, t, prefix, parts)
		}
		fmt.Fprintf(&b, "CREATE TEMP TABLE %scheck%d(good CONSTRAINT \"wrong number of rows in table %d\" CHECK(good));\n", prefix, i+1, i+1)
		fmt.Fprintf(&b, "INSERT INTO temp.%scheck%d SELECT count(*) IS json_extract(CAST(readfile('manifest.json') AS TEXT),'$.tables[%d].rows') FROM main.%s;\n",
			prefix, i+1, i, quoteName(t.Name.Table))
	}
	fmt.Fprintf(&b, "CREATE TEMP TABLE %scheck0(good CONSTRAINT \"a foreign key doesn't hold\" CHECK(good));\n", prefix)
	fmt.Fprintf(&b, "INSERT INTO temp.%scheck0 SELECT count(*)=0 FROM pragma_foreign_key_check;\n", prefix)
	writeManifest(&b)
	b.WriteString("COMMIT;\nSELECT 'loaded';\n")
	b.WriteString(scriptTail)
	return []byte(b.String()), nil
}

// ManifestTable is the table in which a database keeps the evidence of the copy that it holds, by name: here the
// package's manifest and the catalog, so that the database can be verified when the package is gone.
const (
	ManifestTable    = "utdrag_manifest"
	PackageDocument  = "package"
	CatalogDocument  = "catalog"
	manifestTableSQL = "CREATE TABLE main." + ManifestTable + "(name TEXT NOT NULL UNIQUE, document TEXT NOT NULL);\n"
)

func writeManifest(b *strings.Builder) {
	b.WriteString(manifestTableSQL)
	for _, document := range [][2]string{{PackageDocument, manifestName}, {CatalogDocument, "catalog.json"}} {
		fmt.Fprintf(b, "INSERT INTO main.%s SELECT '%s', CAST(readfile('%s') AS TEXT) WHERE readfile('%s') IS NOT NULL;\n",
			ManifestTable, document[0], document[1], document[1])
	}
}

// scriptEnd ends the here-documents. No line of SQL can be it, as names hold no line ends.
const scriptEnd = "UTDRAG_END"

const scriptHead = `#!/bin/sh
# Makes a SQLite database of an unpacked extract:  sh load.sh copy.db
# Needs the sqlite3 shell, 3.40 or later. The database appears when everything is in it and checked, and not before.
set -u
umask 077
fail() { echo "load.sh: $1" >&2; exit 1; }
if [ $# -ne 1 ] || [ -z "$1" ]; then echo "usage: sh load.sh copy.db" >&2; exit 2; fi
case $1 in /*) target=$1 ;; *) target=$PWD/$1 ;; esac
CDPATH= cd -- "$(dirname -- "$0")" || fail "can't find the unpacked extract"
[ -f manifest.json ] && [ -f schema.sql ] || fail "manifest.json or schema.sql is missing"
if [ -e "$target" ] || [ -L "$target" ]; then fail "$1 exists"; fi
version=$(sqlite3 -init /dev/null -batch :memory: 'SELECT sqlite_version();') || fail "sqlite3 is missing"
case $version in
3.?.*|3.[123]?.*) fail "sqlite3 is $version, and must be 3.40 or later" ;;
3.*) ;;
*) fail "sqlite3 doesn't tell its version" ;;
esac
partial=$target.partial-$$
trap 'rm -f -- "$partial" "$partial-journal"' EXIT
trap 'exit 1' HUP INT TERM
SQLITE_TMPDIR=$(dirname -- "$target")
export SQLITE_TMPDIR

statements() {
cat <<'` + scriptEnd + `'
`

const scriptTail = scriptEnd + `
}

answer=$(statements | sqlite3 -init /dev/null -batch -bail "$partial")
[ "$answer" = loaded ] || fail "nothing was loaded: see the message above"
ln -- "$partial" "$target" || fail "can't give the database its name"
echo "$1 is loaded and checked"
`

// scratchPrefix begins the names of what the script makes for itself, and no table's.
func scratchPrefix(tables []Table) string {
	prefix := "utdrag_"
	for i := 0; i < len(tables); i++ {
		if strings.HasPrefix(strings.ToLower(tables[i].Name.Table), prefix) {
			prefix += "_"
			i = -1
		}
	}
	return prefix
}

func throughView(t Table) bool {
	for _, c := range t.Columns {
		if c.Type.Kind == value.Binary || c.Type.Kind == value.Variant {
			return false
		}
	}
	return true
}

func writeView(b *strings.Builder, t Table, prefix, parts string) {
	fmt.Fprintf(b, "CREATE TEMP VIEW %srows(%s) AS SELECT %s;\n", prefix,
		numbered(len(t.Columns), "c%d"), numbered(len(t.Columns), "NULL"))
	fmt.Fprintf(b, "CREATE TEMP TRIGGER %srow INSTEAD OF INSERT ON %srows BEGIN\nINSERT INTO %s VALUES(", prefix, prefix, into(t))
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteString(",\n")
		}
		cell := fmt.Sprintf("NEW.c%d", i+1)
		switch c.Type.Kind {
		case value.Integer:
			fmt.Fprintf(b, `CAST(nullif(%s,'\N') AS INTEGER)`, cell)
		case value.Real:
			fmt.Fprintf(b, `CAST(nullif(%s,'\N') AS REAL)`, cell)
		default:
			fmt.Fprintf(b, `CASE WHEN %s='\N' THEN NULL ELSE %s END`, cell, plainText(cell))
		}
	}
	fmt.Fprintf(b, ");\nEND;\n.import --csv --skip 1 \"|cat %s\" %srows\nDROP VIEW %srows;\n", parts, prefix, prefix)
}

// plainText takes the extra backslash off.
func plainText(cell string) string {
	return fmt.Sprintf(`CASE WHEN substr(%[1]s,1,2)='\\' AND substr(%[1]s,-1)='N' AND trim(substr(%[1]s,1,length(%[1]s)-1),'\')='' `+
		`THEN substr(%[1]s,2) ELSE %[1]s END`, cell)
}

func into(t Table) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quoteName(c.Name)
	}
	return quoteName(t.Name.Table) + "(" + strings.Join(names, ",") + ")"
}

func numbered(n int, format string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = format
		if strings.Contains(format, "%d") {
			all[i] = fmt.Sprintf(format, i+1)
		}
	}
	return strings.Join(all, ",")
}

func writeStaged(b *strings.Builder, t Table, prefix, parts string) {
	fmt.Fprintf(b, "%s\nsqlite3 -init /dev/null -batch -bail '' <<'%s' || exit 1\n", scriptEnd, scriptEnd)
	fmt.Fprintf(b, "CREATE TABLE rows(%s);\n.import --csv --skip 1 \"|cat %s\" rows\n.mode list\n.headers off\nSELECT ",
		numbered(len(t.Columns), "c%d TEXT"), parts)
	// Groups, because SQLite takes expressions of at most 1,000 levels.
	const group = 100
	fmt.Fprintf(b, "(%s", quoteText("INSERT INTO "+into(t)+" VALUES("))
	for i, c := range t.Columns {
		if i > 0 {
			b.WriteString("||','")
			if i%group == 0 {
				b.WriteString(")||(''")
			}
		}
		cell := fmt.Sprintf("c%d", i+1)
		fmt.Fprintf(b, "\n||CASE WHEN %s='\\N' THEN 'NULL' ", cell)
		switch c.Type.Kind {
		case value.Integer:
			fmt.Fprintf(b, "ELSE %s END", cast(cell, "INTEGER"))
		case value.Real:
			fmt.Fprintf(b, "ELSE %s END", cast(cell, "REAL"))
		case value.Binary:
			fmt.Fprintf(b, "ELSE 'X'''||%s||'''' END", cell)
		case value.Variant:
			rest := func(form value.Form) string { return fmt.Sprintf("substr(%s,%d)", cell, len(prefixes[form])+1) }
			when := func(form value.Form, then string) {
				fmt.Fprintf(b, "\nWHEN substr(%s,1,%d)='%s' THEN %s", cell, len(prefixes[form]), prefixes[form], then)
			}
			when(value.Int, cast(rest(value.Int), "INTEGER"))
			when(value.Float, cast(rest(value.Float), "REAL"))
			when(value.Text, literal(rest(value.Text)))
			when(value.Bytes, "'X'''||"+rest(value.Bytes)+"||''''")
			b.WriteString(" END") // any other prefix: NULL, no statement, and the count is wrong
		default:
			fmt.Fprintf(b, "ELSE %s END", literal(plainText(cell)))
		}
	}
	fmt.Fprintf(b, "\n||');') FROM rows ORDER BY rowid;\n%s\ncat <<'%s'\n", scriptEnd, scriptEnd)
}

func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func cast(text, to string) string { return fmt.Sprintf("'CAST('||quote(%s)||' AS %s)'", text, to) }

// literal is SQL whose result is a text literal. Text with line ends goes as hex, because the shell that reads the
// statements turns CR LF into LF.
func literal(text string) string {
	return fmt.Sprintf("CASE WHEN instr(%[1]s,char(10)) THEN 'CAST(X'''||hex(%[1]s)||''' AS TEXT)' ELSE quote(%[1]s) END", text)
}
