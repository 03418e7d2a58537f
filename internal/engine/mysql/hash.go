package mysql

import (
	"encoding/hex"
	"fmt"

	"github.com/utdrag/utdrag/mask"
)

// Hash computes HMAC by SHA2, which gives hexadecimal digits. The server folds the case of other letters than package mask does,
// and has no type for UUIDs.
func (Dialect) Hash(h mask.Hashing, cell, inner, outer string) (string, bool) {
	if h.UUID || h.FoldASCII || h.FoldUnicode {
		return "", false
	}
	text := "CONVERT(" + cell + " USING utf8mb4)"
	if h.TrimSpaces {
		text = "TRIM(TRAILING ' ' FROM " + text + ")"
	}
	message := "CONCAT(" + inner + ", X'" + hex.EncodeToString(h.Prefix) + "', CAST(" + text + " AS BINARY))"
	return fmt.Sprintf("LEFT(SHA2(CONCAT(%s, UNHEX(SHA2(%s, 256))), 256), %d)", outer, message, h.Digits), true
}
