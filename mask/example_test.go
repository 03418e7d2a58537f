package mask_test

import (
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
)

// A rule is made, held against its column, and then used cell by cell.
func Example() {
	column := mask.Column{Type: value.Type{Kind: value.String, Length: 120}, Nullable: true}
	rule, err := mask.New("partial", value.NewInt(1), value.NewInt(0))
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := rule.Fit(column); err != nil {
		fmt.Println(err)
		return
	}
	apply, err := rule.Func(column, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	masked, err := apply(value.NewText("anna@example.org"))
	fmt.Println(rule.Spec(), masked.Text(), rule.Holds(column, masked), err)
	// Output: partial(1, 0) a*************** true <nil>
}

// The same person has the same hash in every table of one domain.
func Example_hash() {
	key, err := mask.NewKey([]byte("example only: use 32 random bytes"))
	if err != nil {
		fmt.Println(err)
		return
	}
	rule, err := mask.New("hash", value.NewText("person"))
	if err != nil {
		fmt.Println(err)
		return
	}
	patient := mask.Column{Type: value.Type{Kind: value.String, Length: 64}, Unique: true}
	staff := mask.Column{Type: value.Type{Kind: value.String}, Nullable: true}
	for _, column := range []mask.Column{patient, staff} {
		apply, err := rule.Func(column, key)
		if err != nil {
			fmt.Println(err)
			return
		}
		masked, err := apply(value.NewText("19900118-9811"))
		digits, _ := hex.DecodeString(masked.Text())
		fmt.Println(len(digits), "bytes, beginning", masked.Text()[:8], err)
	}
	fmt.Println("under", key, key.Fingerprint())
	// Output:
	// 32 bytes, beginning 6bc4f994 <nil>
	// 32 bytes, beginning 6bc4f994 <nil>
	// under [masking key] 1f21a57bd2a02541
}

// A mistyped name is answered with the nearest one.
func ExampleNew() {
	_, err := mask.New("hahs", value.NewText("person"))
	if bad, ok := errors.AsType[*mask.BadRule](err); ok {
		fmt.Println(bad)
		fmt.Println(bad.Advice)
	}
	// Output:
	// mask "hahs": there is no such mask
	// did you mean "hash"? the masks are null, constant(x), redact, partial(first, last), hash("domain")
}

// A rule that can't be used on a column says what to write instead.
func ExampleRule_fit() {
	rule, err := mask.New("null")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = rule.Fit(mask.Column{Type: value.Type{Kind: value.String}, Unique: true})
	if unfit, ok := errors.AsType[*mask.Unfit](err); ok {
		fmt.Println(unfit)
		fmt.Println(unfit.Advice)
	}
	// Output:
	// mask null: the column is part of a key
	// use hash("domain") to keep keys apart, or keep the column
}

// Help texts are made from the rules' own descriptions.
func ExampleDescribe() {
	for _, name := range mask.Names() {
		if d, ok := mask.Describe(name); ok {
			fmt.Printf("%-21s %s\n", d.Usage, d.Summary)
		}
	}
	// Output:
	// null                  blanks the column: every cell becomes NULL
	// constant(x)           replaces every cell by the literal x
	// redact                replaces every text by "***", so that not even its length shows
	// partial(first, last)  keeps the first and last characters of a text and stars each one between
	// hash("domain")        replaces every value by a keyed hash: equal values stay equal, and nobody without the key can go back
}
