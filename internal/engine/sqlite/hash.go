package sqlite

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"

	"github.com/utdrag/utdrag/mask"
	"modernc.org/sqlite"
)

// hmacFunction is a function that every connection of this driver has: it is pure, and knows no key but the one it is given.
const hmacFunction = "utdrag_hmac"

var errNotHashed = errors.New("a cell can't be hashed")

func init() {
	sqlite.MustRegisterDeterministicScalarFunction(hmacFunction, 4, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		var pieces [4][]byte
		for i, arg := range args {
			piece, ok := arg.([]byte)
			if !ok {
				return nil, errNotHashed
			}
			pieces[i] = piece
		}
		if len(pieces[0]) != sha256.BlockSize || len(pieces[1]) != sha256.BlockSize {
			return nil, errNotHashed
		}
		inner := sha256.New()
		inner.Write(pieces[0])
		inner.Write(pieces[2])
		inner.Write(pieces[3])
		outer := sha256.New()
		outer.Write(pieces[1])
		outer.Write(inner.Sum(nil))
		return hex.EncodeToString(outer.Sum(nil)), nil
	})
}

// Hash computes HMAC by a function of this package's driver. A cell that is no text, or in a UUID column no UUID, fails the
// query.
func (Dialect) Hash(h mask.Hashing, cell, inner, outer string) (string, bool) {
	if h.FoldUnicode {
		return "", false
	}
	valid, content := "typeof("+cell+") = 'text'", cell
	if h.UUID {
		valid += " AND length(CAST(" + cell + " AS BLOB)) = 36 AND " + cell + " GLOB '" + uuidGlob + "'"
		content = "unhex(replace(" + cell + ", '-', ''))"
	} else {
		if h.TrimSpaces {
			content = "rtrim(" + content + ", ' ')"
		}
		if h.FoldASCII {
			content = "lower(" + content + ")"
		}
		content = "CAST(" + content + " AS BLOB)"
	}
	digest := hmacFunction + "(" + inner + ", " + outer + ", X'" + hex.EncodeToString(h.Prefix) + "', CASE WHEN " + valid + " THEN " + content + " END)"
	return "CASE WHEN " + cell + " IS NOT NULL THEN (SELECT " + result(h) + " FROM (SELECT " + digest + " AS digest)) END", true
}
