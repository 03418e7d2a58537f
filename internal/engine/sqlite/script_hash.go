package sqlite

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask"
)

var _ engine.Masker = scripter{}

// CanMask reports whether the rule is a keyed hash whose normal form SQLite's own functions give.
func (scripter) CanMask(rule mask.Rule, c mask.Column) bool {
	_, ok := hashing(rule, c)
	return ok
}

func hashing(rule mask.Rule, c mask.Column) (mask.Hashing, bool) {
	keyed, ok := rule.(mask.Keyed)
	if !ok {
		return mask.Hashing{}, false
	}
	h, err := keyed.Hashing(c)
	return h, err == nil && !h.FoldUnicode
}

// Mask computes keyed hashes: the script checks the cells and the key, collects every different message of the rows that
// are copied, computes HMAC-SHA-256 of all of them by the statements of hashMachine, and looks the digests up as it
// copies. All of it stays in work tables, which are in memory, and are dropped before the copy is made durable.
//
// It takes about a quarter of a millisecond for each block of 64 bytes: of the values of a person number's length, 1,900
// are computed in a second; of 80 bytes, 1,200; of 5,000 bytes, 50 (sqlite3 3.40, one core). Equal values are computed once.
// Each different value takes about 0.8 kB of memory and four times its own length. This is for identifiers, not for
// documents.
//
// The source must be in UTF-8, because SQLite gives the bytes of a text in the encoding of the database.
func (s scripter) Mask(cells []engine.Cells) engine.Masking {
	masking := engine.Masking{
		Needs: keyFile + " in the current folder: the masking key in hexadecimal, 64 digits or more (openssl rand -hex 32). Keep it secret.",
		After: "-- Nothing of the key, and of what was hashed, is left\nDROP VIEW hash_compressed;\nDROP TABLE hash_message;\nDROP TABLE hash_block;\nDROP TABLE hash_tick;\nDROP TABLE hash_round;\nDROP TABLE hash_state;",
	}
	var checks, messages []string
	folds := 0
	for _, c := range cells {
		h, _ := hashing(c.Rule, c.Of)
		if h.FoldASCII {
			folds = 1
		}
		rows := "SELECT " + c.SQL + " AS cell\n  " + c.From
		what := "column " + c.Column + " of " + c.Table.Table + " has a cell that is not text, and can't be hashed"
		valid := "typeof(cell) = 'text'"
		if h.UUID {
			what = "column " + c.Column + " of " + c.Table.Table + " has a cell that is not a UUID, and can't be hashed"
			valid += " AND length(CAST(cell AS BLOB)) = 36 AND cell GLOB '" + uuidGlob + "'"
		}
		checks = append(checks, s.Check(0, "SELECT COUNT(*) FROM (\n  "+rows+"\n) WHERE cell IS NOT NULL AND NOT ("+valid+")", 0, what))
		messages = append(messages, "-- "+c.Rule.Spec()+"\nINSERT OR IGNORE INTO hash_message (message, bits, blocks, "+columns("h", 8)+")\n"+
			"SELECT message, 512, (length(message) / 2 + 8) / 64 + 1, "+columns("h", 8)+"\n"+
			"FROM (SELECT "+message(h, "cell")+" AS message FROM (\n  "+rows+"\n) WHERE cell IS NOT NULL), hash_state\nWHERE name = 'inner';")
		masking.SQL = append(masking.SQL, "CASE WHEN "+c.SQL+" IS NOT NULL THEN (SELECT "+result(h)+" FROM temp.hash_message WHERE message = "+message(h, c.SQL)+") END")
	}
	masking.Before = strings.Join([]string{
		"-- The masking key, and what can be hashed here",
		s.Check(0, "SELECT COUNT(*) FROM pragma_encoding WHERE encoding <> 'UTF-8'", 0, "the source is not in UTF-8, and a script hashes no other: use utdrag extract"),
		s.Check(0, "SELECT COUNT(*) FROM pragma_compile_options WHERE compile_options = 'TEMP_STORE=0'", 0, "this sqlite3 keeps work tables on disk, and the masking key must not go there: use another sqlite3"),
		s.Check(0, fmt.Sprintf("SELECT %d AND (lower('Å') <> 'Å' OR lower('AZ') <> 'az')", folds), 0, "this sqlite3 folds the case of more letters than A to Z: use another sqlite3"),
		s.key(),
		strings.Join(checks, "\n"),
		"",
		hashMachine(),
		"",
		hashKeyStates(),
		"",
		"-- The messages: every different value once",
		strings.Join(messages, "\n"),
		ticks,
		outerTicks,
	}, "\n")
	return masking
}

// keyFile is where a script finds the masking key.
const keyFile = "mask.key"

// key reads the key, in the form of hexadecimal that mask.ReadKey reads.
func (s scripter) key() string {
	return strings.Join([]string{
		"CREATE TEMP TABLE hash_key (digits TEXT);",
		"INSERT INTO hash_key SELECT upper(trim(CAST(readfile('" + keyFile + "') AS TEXT), char(9, 10, 11, 12, 13, 32)));",
		s.Check(0, "SELECT COUNT(*) FROM hash_key WHERE digits IS NULL", 0, "there is no file "+keyFile+" in this folder: it holds the masking key"),
		s.Check(0, "SELECT COUNT(*) FROM hash_key WHERE length(digits) BETWEEN 64 AND 4096 AND length(digits) % 2 = 0\n"+
			"  AND length(digits) = length(CAST(digits AS BLOB)) AND digits NOT GLOB '*[^0-9A-F]*'\n"+
			"  AND replace(digits, substr(digits, 1, 2), '') <> ''", 1,
			keyFile+" holds no masking key that a script can read: write at least 32 random bytes in hexadecimal, as openssl rand -hex 32 does"),
	}, "\n")
}

// message is the hexadecimal form of the message of a cell.
func message(h mask.Hashing, cell string) string {
	digits := "upper(replace(" + cell + ", '-', ''))"
	if !h.UUID {
		if h.TrimSpaces {
			cell = "rtrim(" + cell + ", ' ')"
		}
		if h.FoldASCII {
			cell = "lower(" + cell + ")"
		}
		digits = "hex(CAST(" + cell + " AS BLOB))"
	}
	return "'" + strings.ToUpper(hex.EncodeToString(h.Prefix)) + "' || " + digits
}

// result is what is made of a digest.
func result(h mask.Hashing) string {
	if h.UUID {
		return "substr(digest, 1, 8) || '-' || substr(digest, 9, 4) || '-8' || substr(digest, 14, 3) || '-' ||\n" +
			"    substr('89ab', (instr('0123456789abcdef', substr(digest, 17, 1)) - 1) % 4 + 1, 1) || substr(digest, 18, 3) || '-' || substr(digest, 21, 12)"
	}
	return fmt.Sprintf("substr(digest, 1, %d)", h.Digits)
}

var uuidGlob = strings.ReplaceAll("########-####-####-####-############", "#", "[0-9A-Fa-f]")
