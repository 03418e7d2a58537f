package postgres

import (
	"encoding/hex"
	"fmt"

	"github.com/utdrag/utdrag/mask"
)

// Hash computes HMAC with the server's own sha256. PostgreSQL can't fold case as package mask does.
func (Dialect) Hash(h mask.Hashing, cell, inner, outer string) (string, bool) {
	if h.FoldUnicode || h.FoldASCII {
		return "", false
	}
	return hashed(h, cell, "CAST("+inner+" AS bytea)", "CAST("+outer+" AS bytea)"), true
}

// hashed is the hash of a cell, given the padded keys. All functions give NULL for NULL.
func hashed(h mask.Hashing, cell, inner, outer string) string {
	message := "uuid_send(" + cell + ")"
	if !h.UUID {
		text := "CAST(" + cell + " AS text)"
		if h.TrimSpaces {
			text = "rtrim(" + text + ", ' ')"
		}
		message = "convert_to(" + text + ", 'UTF8')"
	}
	digest := "sha256(" + outer + " || sha256(" + inner + ` || '\x` + hex.EncodeToString(h.Prefix) + `'::bytea || ` + message + "))"
	if !h.UUID {
		return fmt.Sprintf("left(encode(%s, 'hex'), %d)", digest, h.Digits)
	}
	return "(SELECT encode(set_byte(set_byte(substr(digest, 1, 16), 6, get_byte(digest, 6) & 15 | 128), 8, get_byte(digest, 8) & 63 | 128), 'hex')::uuid\n    FROM (SELECT " +
		digest + " AS digest OFFSET 0) AS hashed)"
}
