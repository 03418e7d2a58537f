package sqlserver

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask"
)

var _ engine.Masker = (*scripter)(nil)

// CanMask reports whether the rule is a keyed hash.
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
	return h, err == nil
}

// Where the masking key is, for as long as the script needs it. It is never in a table, so that it doesn't come to tempdb's
// files. The two keys of HMAC are made of it once, and read into variables for each statement: within a query that runs in
// parallel SESSION_CONTEXT can be read wrongly (https://learn.microsoft.com/en-us/sql/t-sql/functions/session-context-transact-sql,
// "Known issues").
const (
	maskKey  = "utdrag.mask_key"
	innerPad = "@utdrag_inner"
	outerPad = "@utdrag_outer"

	declarePads = "DECLARE " + innerPad + " binary(64) = CONVERT(binary(64), SESSION_CONTEXT(N'utdrag.mask_inner')),\n" +
		"  " + outerPad + " binary(64) = CONVERT(binary(64), SESSION_CONTEXT(N'utdrag.mask_outer'));\n"
)

// Mask computes keyed hashes by HASHBYTES, after it has seen that there is a key, and that every cell can be hashed here as
// package mask hashes it: where the column's collation ignores case, only letters of ASCII are folded alike by everybody.
func (s *scripter) Mask(cells []engine.Cells) engine.Masking {
	masking := engine.Masking{
		Needs: "the masking key in the same session: EXEC sys.sp_set_session_context N'" + maskKey + "', 0x…; with 32 random bytes or more, " +
			"in a file of its own that comes first (sqlcmd -i key.sql,plan.sql). Keep it secret.",
	}
	s.masks = true
	before := []string{"-- The masking key, and what can be hashed here", s.batch(keyCheck), s.batch(makePads())}
	for _, c := range cells {
		h, _ := hashing(c.Rule, c.Of)
		if h.FoldUnicode {
			// Of other letters nobody can be sure here, and control characters are not needed: from blank to tilde all is plain.
			before = append(before, s.Check(0, "SELECT COUNT_BIG(*) FROM (\n  SELECT "+unicodeCell(c.SQL)+binaryOrder+" AS cell\n  "+c.From+
				"\n) cells WHERE cell LIKE N'%[^ -~]%'", 0,
				codeScript+": column "+c.Column+" of "+c.Table.String()+" has a cell with other characters than ASCII's, whose case only utdrag extract folds"))
		}
		masking.SQL = append(masking.SQL, "CASE WHEN "+c.SQL+" IS NOT NULL THEN "+result(h, digest(h, c.SQL, innerPad, outerPad))+" END")
	}
	masking.Before = strings.Join(before, "\n")
	masking.After = s.batch("-- Nothing of the key is left\n" + wipeKey())
	return masking
}

func wipeKey() string { return wipe("utdrag.mask_inner") + wipe("utdrag.mask_outer") + wipe(maskKey) }

func wipe(key string) string { return "EXEC sys.sp_set_session_context N'" + key + "', NULL;\n" }

// binaryOrder compares code points.
const binaryOrder = " COLLATE Latin1_General_100_BIN2"

// utf8Bytes makes varchar hold UTF-8. SQL Server has it from 2019 on.
const utf8Bytes = " COLLATE Latin1_General_100_BIN2_UTF8"

func unicodeCell(cell string) string { return "CONVERT(nvarchar(max), " + cell + ")" }

// keyCheck refuses what is no key: a text, too few bytes, or one byte over and over, which is the same when it is moved by one.
var keyCheck = "DECLARE @given sql_variant = SESSION_CONTEXT(N'" + maskKey + "');\n" +
	"IF @given IS NULL\nBEGIN\n  " + throw(codeScript, "there is no masking key in this session: see what the script needs, at its top") + ";\nEND;\n" +
	"DECLARE @key varbinary(8000) = CONVERT(varbinary(8000), @given);\n" +
	"IF CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY(@given, 'BaseType')) NOT IN (N'varbinary', N'binary') OR DATALENGTH(@key) NOT BETWEEN 32 AND 2048\n" +
	"  OR SUBSTRING(@key, 2, DATALENGTH(@key) - 1) = SUBSTRING(@key, 1, DATALENGTH(@key) - 1)\nBEGIN\n  " +
	throw(codeScript, "the masking key must be binary, 0x and at least 64 hexadecimal digits of random bytes") + ";\nEND;"

// makePads makes the two keys of HMAC (RFC 2104): the key in one block of 64 bytes, each XORed with 0x36 or with 0x5C. What
// is longer than a block is hashed first. SQL Server XORs eight bytes at a time.
func makePads() string {
	pad := func(with string) string {
		parts := make([]string, 8)
		for i := range parts {
			parts[i] = fmt.Sprintf("CONVERT(binary(8), CONVERT(bigint, SUBSTRING(@block, %d, 8)) ^ CONVERT(bigint, 0x%s))", 8*i+1, strings.Repeat(with, 8))
		}
		return strings.Join(parts, "\n  + ")
	}
	return "DECLARE @key varbinary(8000) = CONVERT(varbinary(8000), SESSION_CONTEXT(N'" + maskKey + "'));\n" +
		"IF DATALENGTH(@key) > 64 SET @key = HASHBYTES('SHA2_256', @key);\n" +
		"DECLARE @block binary(64) = CONVERT(binary(64), @key);\n" +
		"DECLARE @inner binary(64) = " + pad("36") + ";\n" +
		"DECLARE @outer binary(64) = " + pad("5C") + ";\n" +
		"EXEC sys.sp_set_session_context N'utdrag.mask_inner', @inner;\n" +
		"EXEC sys.sp_set_session_context N'utdrag.mask_outer', @outer;"
}

// digest is HMAC-SHA-256 of a cell's message.
func digest(h mask.Hashing, cell, innerPad, outerPad string) string {
	message := "0x" + strings.ToUpper(hex.EncodeToString(h.Prefix)) + " + " + content(h, cell)
	return "HASHBYTES('SHA2_256', " + outerPad + " + HASHBYTES('SHA2_256', " + innerPad + " + " + message + "))"
}

// content is what of the message depends on the cell. A uniqueidentifier's own bytes stand in another order than its text.
func content(h mask.Hashing, cell string) string {
	if h.UUID {
		parts := make([]string, 0, 16)
		for _, at := range []int{4, 3, 2, 1, 6, 5, 8, 7} {
			parts = append(parts, fmt.Sprintf("SUBSTRING(CONVERT(binary(16), %s), %d, 1)", cell, at))
		}
		return strings.Join(parts, " + ") + fmt.Sprintf(" + SUBSTRING(CONVERT(binary(16), %s), 9, 8)", cell)
	}
	text := unicodeCell(cell)
	if h.TrimSpaces {
		text = "RTRIM(" + text + ")"
	}
	if h.FoldASCII || h.FoldUnicode { // every cell is ASCII then: see Mask
		return "CONVERT(varbinary(max), CONVERT(varchar(max), LOWER(" + text + binaryOrder + ")))"
	}
	return "CONVERT(varbinary(max), CONVERT(varchar(max), " + text + utf8Bytes + "))"
}

// result is what is made of a digest.
func result(h mask.Hashing, digest string) string {
	digits := "LOWER(CONVERT(char(64), " + digest + ", 2))"
	if !h.UUID {
		return fmt.Sprintf("SUBSTRING(%s, 1, %d)", digits, h.Digits)
	}
	return "(SELECT CONVERT(uniqueidentifier, SUBSTRING(h, 1, 8) + '-' + SUBSTRING(h, 9, 4) + '-8' + SUBSTRING(h, 14, 3) + '-' +\n" +
		"    SUBSTRING('89ab', (CHARINDEX(SUBSTRING(h, 17, 1), '0123456789abcdef') - 1) % 4 + 1, 1) + SUBSTRING(h, 18, 3) + '-' + SUBSTRING(h, 21, 12))\n" +
		"    FROM (SELECT " + digits + " AS h) hashed)"
}
