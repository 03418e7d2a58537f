package sqlite

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/hex"
	"errors"

	"modernc.org/sqlite"

	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
	"github.com/utdrag/utdrag/mask"
)

// hmacFunction is a function that every connection of this driver has: it is pure, and knows no key but the one it is given.
const hmacFunction = "utdrag_hmac"

var errNotHashed = errors.New("a cell can't be hashed")

func init() {
	sqlite.MustRegisterDeterministicScalarFunction(hmacFunction, 4, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		pieces := make([][]byte, len(args))
		for i, arg := range args {
			piece, ok := arg.([]byte)
			if !ok {
				return nil, errNotHashed
			}
			pieces[i] = piece
		}
		digest, ok := hmac(pieces)
		if !ok {
			return nil, errNotHashed
		}
		return digest, nil
	})
}

// hmacNumber is the same function for connections of this package's own.
var hmacNumber = capi.Register(hmac)

// hmac is HMAC-SHA-256, in hexadecimal, of a message in two pieces, given the two padded keys.
func hmac(pieces [][]byte) (string, bool) {
	if len(pieces) != 4 || len(pieces[0]) != sha256.BlockSize || len(pieces[1]) != sha256.BlockSize {
		return "", false
	}
	inner := sha256.New()
	inner.Write(pieces[0])
	inner.Write(pieces[2])
	inner.Write(pieces[3])
	outer := sha256.New()
	outer.Write(pieces[1])
	outer.Write(inner.Sum(nil))
	return hex.EncodeToString(outer.Sum(nil)), true
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
