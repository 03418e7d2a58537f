package sqlserver

import (
	"context"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/mask/value"
)

// loadColumn is a column that is loaded, with what the server says of it.
type loadColumn struct {
	name      string // as the server has it
	words     string // its type
	base      string
	numbers   []int
	collation string
	nullable  bool
	identity  bool
}

// bulk reports whether the driver can bulk copy the column exactly. Of UTF-8 the server is not told that the driver knows it.
func (c *loadColumn) bulk() bool {
	switch c.base {
	case "xml", "sql_variant", "text", "ntext", "image", "hierarchyid", "geography", "geometry":
		return false
	}
	return !narrow[c.base] || !isUTF8(c.collation)
}

// refused says that a cell can't be what the column holds. It never quotes the cell.
func (c *loadColumn) refused(why string) error {
	return failure(codeType, diag.Refused, "mask or omit the column", nil, "a cell of column %s, which is %s, %s", quote(c.name), c.words, why)
}

var plainDecimal = regexp.MustCompile(`^-?[0-9]+(?:\.([0-9]+))?$`)

// greatest are the limits of money and smallmoney, in ten thousandths.
var (
	greatestMoney      = big.NewInt(math.MaxInt64)
	greatestSmallmoney = big.NewInt(math.MaxInt32)
)

// encode makes what the driver's bulk copy takes, of a cell that is not NULL. The driver checks little: a number that is too
// large for an integer or money column, and a fraction of a second that a column doesn't have, would be cut off by it.
func (c *loadColumn) encode(ctx context.Context, v value.Value, pages *codePages) (any, error) {
	switch c.base {
	case "bit":
		return c.boolean(v)
	case "tinyint", "smallint", "int", "bigint":
		return c.integer(v)
	case "decimal", "numeric", "money", "smallmoney":
		return c.decimal(v)
	case "real", "float":
		return c.float(v)
	case "char", "varchar", "nchar", "nvarchar":
		if v.Form() != value.Text || !utf8.ValidString(v.Text()) {
			return nil, c.refused("is no text")
		}
		if narrow[c.base] {
			encoded, err := pages.encode(ctx, v.Text(), c.collation)
			if err == nil && !c.room(len(encoded)) {
				err = c.refused("is longer")
			}
			return encoded, err
		}
		if !c.room(utf16Length(v.Text())) {
			return nil, c.refused("is longer")
		}
		return v.Text(), nil
	case "binary", "varbinary":
		if v.Form() != value.Bytes {
			return nil, c.refused("is not binary")
		}
		if !c.room(len(v.Text())) {
			return nil, c.refused("is longer")
		}
		return []byte(v.Text()), nil
	case "uniqueidentifier":
		if b, ok := bytesOfUUID(v.Text()); ok && v.Form() == value.Text {
			return b, nil
		}
		return nil, c.refused("is no uniqueidentifier")
	case "date", "time", "datetime", "smalldatetime", "datetime2", "datetimeoffset":
		return c.time(v)
	}
	return nil, c.refused("can't be bulk copied")
}

// room reports whether so many bytes, or pairs of bytes, have room in the column. (max) has -1.
func (c *loadColumn) room(length int) bool {
	return len(c.numbers) == 0 || c.numbers[0] < 0 || length <= c.numbers[0]
}

// utf16Length counts as nchar and nvarchar do.
func utf16Length(text string) (n int) {
	for _, r := range text {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}

func (c *loadColumn) boolean(v value.Value) (any, error) {
	switch {
	case v.Form() == value.Bool:
		return v.Bool(), nil
	case v.Form() == value.Int && (v.Int() == 0 || v.Int() == 1):
		return v.Int() == 1, nil
	}
	return nil, c.refused("is neither true nor false")
}

func (c *loadColumn) integer(v value.Value) (any, error) {
	limits := integerRanges[c.base]
	if v.Form() != value.Int || v.Int() < limits[0] || v.Int() > limits[1] {
		return nil, c.refused("is no number within its range")
	}
	return v.Int(), nil
}

// decimal passes text: of a Go integer the driver takes the digits as they are, without the column's scale.
func (c *loadColumn) decimal(v value.Value) (any, error) {
	text := v.Text()
	if v.Form() == value.Int {
		text = strconv.FormatInt(v.Int(), 10)
	}
	part := plainDecimal.FindStringSubmatch(text)
	if part == nil || v.Form() != value.Decimal && v.Form() != value.Int {
		return nil, c.refused("is no decimal number")
	}
	scale := 4
	if len(c.numbers) == 2 {
		scale = c.numbers[1]
	}
	if len(part[1]) > scale {
		return nil, c.refused("has more decimals than it keeps")
	}
	digits := new(big.Int)
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return nil, c.refused("is no decimal number")
	}
	shift := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	digits.Div(new(big.Int).Mul(r.Num(), shift), r.Denom())
	limit := new(big.Int)
	switch c.base {
	case "money":
		limit.Set(greatestMoney)
	case "smallmoney":
		limit.Set(greatestSmallmoney)
	default:
		limit.Exp(big.NewInt(10), big.NewInt(int64(c.numbers[0])), nil).Sub(limit, big.NewInt(1))
	}
	if c.base == "money" || c.base == "smallmoney" { // two's complement has one more below
		if digits.Sign() < 0 {
			limit.Add(limit, big.NewInt(1))
		}
	}
	if digits.CmpAbs(limit) > 0 {
		return nil, c.refused("is out of its range")
	}
	return text, nil
}

func (c *loadColumn) float(v value.Value) (any, error) {
	f := v.Float()
	if v.Form() == value.Int && int64(float64(v.Int())) == v.Int() {
		f = float64(v.Int())
	} else if v.Form() != value.Float {
		return nil, c.refused("is no floating point number")
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, c.refused("is not finite")
	}
	if c.base == "real" && math.Float64bits(float64(float32(f))) != math.Float64bits(f) {
		return nil, c.refused("has more digits than it keeps")
	}
	return f, nil
}

var (
	firstDatetime      = time.Date(1753, 1, 1, 0, 0, 0, 0, time.UTC)
	firstSmalldatetime = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	lastSmalldatetime  = time.Date(2079, 6, 6, 23, 59, 0, 0, time.UTC)
	firstDate          = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	afterLastDate      = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
)

func (c *loadColumn) time(v value.Value) (any, error) {
	layout := layoutDateTime
	switch c.base {
	case "date":
		layout = layoutDate
	case "time":
		layout = layoutTime
	case "datetimeoffset":
		layout = layoutOffset
	}
	t, ok := parseTime(layout, v.Text())
	if !ok || v.Form() != value.Time {
		return nil, c.refused("is no such time")
	}
	_, offset := t.Zone()
	switch c.base {
	case "datetime":
		// Of a millisecond it keeps the nearest of 0, 3 and 7; all that it holds has three digits.
		if t.Before(firstDatetime) || t.Nanosecond()%1e6 != 0 || !keptByDatetime(t.Nanosecond()/1e6) {
			return nil, c.refused("would be rounded, or is out of its range")
		}
	case "smalldatetime":
		if t.Before(firstSmalldatetime) || t.After(lastSmalldatetime) || t.Second() != 0 || t.Nanosecond() != 0 {
			return nil, c.refused("would be rounded, or is out of its range")
		}
	case "time", "datetime2", "datetimeoffset":
		unit := 1
		for range 9 - c.numbers[0] {
			unit *= 10
		}
		if t.Nanosecond()%unit != 0 {
			return nil, c.refused("would be rounded")
		}
		if c.base == "datetimeoffset" && (t.Before(firstDate) || !t.Before(afterLastDate) || offset%60 != 0 || offset < -14*3600 || offset > 14*3600) {
			return nil, c.refused("is out of its range")
		}
	}
	return t, nil
}

// keptByDatetime reports whether datetime, which counts three hundredths of a second, gives the millisecond back.
func keptByDatetime(ms int) bool {
	last := ms % 10
	return last == 0 || last == 3 || last == 7
}
