package sqlserver

import "github.com/utdrag/utdrag/mask"

// Hash computes HMAC by HASHBYTES. Where the column's collation ignores case, only letters of ASCII are folded alike by
// everybody: a cell with others fails the query.
func (Dialect) Hash(h mask.Hashing, cell, inner, outer string) (string, bool) {
	text := result(h, digest(h, cell, "CONVERT(binary(64), "+inner+")", "CONVERT(binary(64), "+outer+")"))
	if h.FoldASCII || h.FoldUnicode {
		text = "CASE WHEN " + unicodeCell(cell) + binaryOrder + " LIKE N'%[^ -~]%' THEN CONVERT(varchar(64), 1 / (DATALENGTH(" + cell + ") - DATALENGTH(" + cell + "))) ELSE " + text + " END"
	}
	return "CASE WHEN " + cell + " IS NOT NULL THEN " + text + " END", true
}
