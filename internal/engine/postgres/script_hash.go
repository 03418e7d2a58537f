package postgres

import (
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask"
)

// keyFile is where a script finds the masking key.
const keyFile = "mask.key"

// CanMask reports whether the rule is a keyed hash whose normal form needs no folding of case: only columns of nondeterministic
// collations do, and nobody can say what those fold.
func (*scripter) CanMask(rule mask.Rule, c mask.Column) bool {
	_, ok := hashing(rule, c)
	return ok
}

func hashing(rule mask.Rule, c mask.Column) (mask.Hashing, bool) {
	keyed, ok := rule.(mask.Keyed)
	if !ok {
		return mask.Hashing{}, false
	}
	h, err := keyed.Hashing(c)
	return h, err == nil && !h.FoldUnicode && !h.FoldASCII
}

// Mask computes keyed hashes with the server's own sha256: HMAC is two of them over the message and the key, padded and mixed with two
// constants (RFC 2104). The key is read by psql and reaches the server as rows of a temporary table, so that it stands in no
// statement and no log of statements. The two padded keys are computed once.
func (s *scripter) Mask(cells []engine.Cells) engine.Masking {
	s.hashes = true
	masking := engine.Masking{
		Needs: keyFile + " in the current folder: the masking key in hexadecimal, 64 digits or more (openssl rand -hex 32). Keep it secret.",
		Before: strings.Join([]string{
			"-- The masking key",
			`\copy pg_temp.hash_key FROM '` + keyFile + `'`,
			"UPDATE pg_temp.hash_key SET line = lower(btrim(line, E' \\t\\r\\f\\v'));",
			"DELETE FROM pg_temp.hash_key WHERE line = '';",
			must(`(SELECT count(*) = 1 AND bool_and(line ~ '^[0-9a-f]{2,}$' AND length(line) BETWEEN 64 AND 4096 AND length(line) % 2 = 0 AND replace(line, left(line, 2), '') <> '') FROM pg_temp.hash_key)`,
				keyFile+" holds no masking key that a script can read: write at least 32 random bytes in hexadecimal, as openssl rand -hex 32 does"),
			"INSERT INTO pg_temp.hash_state",
			"  WITH given AS (SELECT decode(line, 'hex') AS bytes FROM pg_temp.hash_key),",
			"    short AS (SELECT CASE WHEN length(bytes) > 64 THEN sha256(bytes) ELSE bytes END AS bytes FROM given),",
			"    padded AS (SELECT bytes || decode(repeat('00', 64 - length(bytes)), 'hex') AS bytes FROM short)",
			"  SELECT " + mixed(0x36) + ",\n    " + mixed(0x5c) + " FROM padded;",
			"DELETE FROM pg_temp.hash_key;",
		}, "\n"),
		After: "-- Nothing of the key is left\nDELETE FROM pg_temp.hash_state;",
	}
	for _, c := range cells {
		h, _ := hashing(c.Rule, c.Of)
		masking.SQL = append(masking.SQL, hashed(h, c.SQL, "(SELECT inner_pad FROM pg_temp.hash_state)", "(SELECT outer_pad FROM pg_temp.hash_state)"))
	}
	return masking
}

// mixed is the padded key, each byte mixed with a constant.
func mixed(constant int) string {
	return fmt.Sprintf(`(SELECT string_agg(set_byte('\x00'::bytea, 0, get_byte(padded.bytes, i) # %d), '\x'::bytea ORDER BY i) FROM generate_series(0, 63) AS i)`, constant)
}
