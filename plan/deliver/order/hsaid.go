package order

import (
	"fmt"
	"strings"
)

// maxHSAID is the longest that an HSA-id may be (Inera, HSA: regler för HSA-id).
const maxHSAID = 31

// checkHSAID holds a text against both forms of an HSA-id: SE, an organisation number of ten digits or of twelve with a leading
// 16, a hyphen, and letters A-Z a-z and digits that the organisation chose. The form is case sensitive, and so are registers.
func checkHSAID(text string) (string, *flaw) {
	wrong := func(summary string) (string, *flaw) {
		return "", &flaw{code: CodeHSAID, summary: "the HSA-id " + summary,
			advice: "write SE, the organisation number, a hyphen and the unit's own letters and digits: SE5500000020-1000"}
	}
	rest, ok := strings.CutPrefix(text, "SE")
	if !ok {
		return wrong("doesn't begin with SE")
	}
	number, own, ok := strings.Cut(rest, "-")
	if !ok {
		return wrong("has no hyphen after the organisation number")
	}
	if strings.Trim(number, "0123456789") != "" || len(number) != 10 && (len(number) != 12 || !strings.HasPrefix(number, "16")) {
		return wrong("has no organisation number of 10 digits, or of 12 that begin with 16")
	}
	if own == "" {
		return wrong("has nothing after the hyphen")
	}
	for _, c := range own {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9') {
			return wrong("has something else than letters A to Z and digits after the hyphen")
		}
	}
	if len(text) > maxHSAID {
		return wrong(fmt.Sprintf("is longer than %d characters", maxHSAID))
	}
	return text, nil
}

// OrganisationNumber is the ten digits of the organisation number in an HSA-id of either form, or "" where there are none. It
// tells legal persons apart.
func OrganisationNumber(hsaID string) string {
	if _, problem := checkHSAID(hsaID); problem != nil {
		return ""
	}
	number, _, _ := strings.Cut(hsaID[len("SE"):], "-")
	return number[len(number)-10:]
}

// otherForm is the HSA-id with the organisation number written the other way, or "" where that would be too long.
func otherForm(hsaID string) string {
	number, own, _ := strings.Cut(hsaID[len("SE"):], "-")
	if len(number) == 12 {
		return "SE" + number[2:] + "-" + own
	}
	if len(hsaID)+2 > maxHSAID {
		return ""
	}
	return "SE16" + number + "-" + own
}

// checkDigit is a warning where the organisation number's last digit isn't its Luhn digit (Skatteverket, organisationsnummer).
func checkDigit(hsaID string) *flaw {
	number := OrganisationNumber(hsaID)
	if number == "" {
		return nil
	}
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	if sum%10 == 0 {
		return nil
	}
	return &flaw{code: CodeCheckDigit, warning: true, summary: "the organisation number in the HSA-id has the wrong check digit",
		advice: "compare it with the provider's registration certificate"}
}
