package value

import "fmt"

// Kind is the neutral type of a column: what every engine can say of it.
type Kind uint8

// The kinds. The zero Kind is not valid: a column whose type an engine doesn't know is refused, not guessed.
const (
	Unknown     Kind = iota
	Boolean          // true, false
	Integer          // up to 64 bits, signed
	Number           // exact decimal, precision and scale
	Real             // IEEE 754 single or double
	String           // Unicode text
	Binary           // bytes
	Date             // calendar day
	TimeOfDay        // time without a day
	Timestamp        // day and time, no zone
	TimestampTZ      // day, time and offset
	UUID             // 128 bits, text form
	JSON             // JSON text
	XML              // XML text
	Variant          // each cell has its own form (an untyped SQLite column)
	Native           // a type that only its engine has; cells are in the engine's own text or binary form
)

var kindNames = [...]string{"unknown", "boolean", "integer", "decimal", "real", "text", "binary", "date", "time",
	"timestamp", "timestamptz", "uuid", "json", "xml", "variant", "native"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// MarshalText writes the kind's name.
func (k Kind) MarshalText() ([]byte, error) {
	if k == Unknown || int(k) >= len(kindNames) {
		return nil, fmt.Errorf("column kind %d has no name", uint8(k))
	}
	return []byte(kindNames[k]), nil
}

// UnmarshalText reads a kind's name.
func (k *Kind) UnmarshalText(text []byte) error {
	for i, name := range kindNames {
		if i != int(Unknown) && name == string(text) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("unknown column kind %q", text)
}

// Collation says how an engine compares text of a column, as far as masks and keys must follow it.
type Collation struct {
	// Name is the engine's own: "NOCASE", "Finnish_Swedish_CI_AS". Empty for a column that holds no text.
	Name string `json:"name,omitempty"`
	// IgnoresCase is set where 'Final' and 'final' are the same key; ASCIIOnly where that holds for A to Z only.
	IgnoresCase bool `json:"ignores_case,omitempty"`
	ASCIIOnly   bool `json:"ascii_only,omitempty"`
	// IgnoresTrailingSpace is set where 'a' and 'a ' are the same key.
	IgnoresTrailingSpace bool `json:"ignores_trailing_space,omitempty"`
	// IgnoresAccents is set where 'e' and 'é' are the same key.
	IgnoresAccents bool `json:"ignores_accents,omitempty"`
}

// Type is a column's neutral type.
type Type struct {
	Kind Kind `json:"kind"`
	// Length is the greatest length: characters of text, bytes of binary. Zero means no declared limit.
	Length int `json:"length,omitempty"`
	// Precision counts the digits of a decimal, Scale those after the point; Scale is also the fractional digits of a
	// second. Zero precision means not declared.
	Precision int `json:"precision,omitempty"`
	Scale     int `json:"scale,omitempty"`
	// Narrow is set where text is stored in a code page, which doesn't have every character.
	Narrow    bool      `json:"narrow,omitempty"`
	Collation Collation `json:"collation,omitzero"`
}
