package order

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

func (r *reader) order(body *hclsyntax.Body) *Order {
	s := scope{r: r, body: body, at: r.top(), what: "the order"}
	s.known([]string{"version", "id", "purpose", "other", "source", "map", "format", "masking_key"},
		[]string{"provider", "unit", "interval", "responsible", "it", "orderer", "recipient", "delivery", "hold", "retry"})
	o := &Order{file: r.file, places: r.places}
	s.version()
	o.ID = s.text("id", checkID, "tallmo-month")
	o.Provider = s.provider()
	o.Units = s.units()
	o.Interval = s.interval()
	o.Responsible = s.contact("responsible")
	o.IT = s.contact("it")
	o.Other = s.optional("other", checkProse, "")
	o.Orderer = s.orderer()
	o.Purpose = s.text("purpose", checkLine, "statistics and follow-up")
	s.suspicious("other", o.Other)
	s.suspicious("purpose", o.Purpose)
	o.Source = s.text("source", checkSource, "env:NAME")
	o.Map = s.text("map", checkPath, "journal.hcl")
	o.Format = s.text("format", choose(Formats()...), "sqlserver")
	o.MaskingKey = s.optional("masking_key", checkPath, "")
	o.Recipient = s.recipient()
	o.Delivery = s.delivery()
	o.Hold = s.hold()
	o.Retry = s.retry()
	return o
}

func (s scope) version() {
	if !s.has("version") {
		s.missing("version", "version = 1")
		return
	}
	if l, ok := s.body.Attributes["version"].Expr.(*hclsyntax.LiteralValueExpr); !ok || !l.Val.RawEquals(cty.NumberIntVal(1)) {
		s.r.refuse(CodeVersion, s.place("version"), "this version of the order's language is not known", "write version = 1")
	}
}

// suspicious warns of a text that looks as if it held a secret. Where people write to people it may only speak of one.
func (s scope) suspicious(name, text string) {
	if secretLike(text) {
		s.flawed(name, &flaw{code: CodeSecretLike, warning: true, summary: name + " looks as if it held a secret",
			advice: "an order is read by many and kept; remove the secret, and change it"})
	}
}

func (s scope) party() Party {
	s.known([]string{"name", "hsa_id"}, nil)
	p := Party{Name: s.text("name", checkLine, "…"), HSAID: s.text("hsa_id", checkHSAID, "SE5500000020-1000")}
	s.flawed("hsa_id", checkDigit(p.HSAID))
	return p
}

func (s scope) provider() Party {
	b, ok := s.one("provider", true, `provider { name = "…"  hsa_id = "…" }`)
	if !ok {
		return Party{}
	}
	return b.party()
}

func (s scope) units() []Party {
	const form = `unit { name = "…"  hsa_id = "…" } for each performing unit`
	blocks := s.all("unit", 0, form)
	var units []Party
	seen := map[string]bool{}
	for i, b := range blocks {
		name := fmt.Sprintf("unit[%d]", i)
		inner := s.inside(b, name)
		u := inner.party()
		if u.HSAID != "" && seen[u.HSAID] {
			s.r.refuse(CodeUnitTwice, inner.place("hsa_id"), "a unit with this HSA-id is named already", "name it once")
		}
		seen[u.HSAID] = true
		units = append(units, u)
	}
	if !slices.ContainsFunc(s.body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == "unit" }) {
		s.missing("unit", form)
	}
	return units
}

func (s scope) interval() Interval {
	const form = `interval { every = "monthly" } or interval { cron = "0 1 * * 1" }`
	b, ok := s.one("interval", true, form)
	if !ok {
		return Interval{}
	}
	b.known([]string{"every", "cron", "start", "at", "zone"}, nil)
	var i Interval
	switch {
	case b.has("every") == b.has("cron"):
		b.r.refuse(CodeInterval, b.at, "the interval has neither or both of every and cron", "write "+form)
	case b.has("cron") && b.has("at"):
		b.r.refuse(CodeInterval, b.place("at"), "the interval has at beside cron", "the cron expression says the time of day; remove at")
	}
	i.Every, _ = b.value("every", choose(everyWords...))
	i.Cron, _ = b.value("cron", checkCron)
	if text, ok := b.value("start", checkDate); ok {
		i.Start, _ = readDate(text)
	}
	if !b.has("cron") {
		i.At = defaultClock
	}
	if text, ok := b.value("at", func(text string) (string, *flaw) { c, f := readClock(text); return c.String(), f }); ok {
		i.At, _ = readClock(text)
	}
	i.Zone = b.optional("zone", checkZone, defaultZone)
	return i
}

func (s scope) contact(name string) Contact {
	b, ok := s.one(name, true, name+` { name = "…"  phone = "…"  email = "…" }`)
	if !ok {
		return Contact{}
	}
	b.known([]string{"name", "phone", "email"}, nil)
	return Contact{b.text("name", checkLine, "…"), b.text("phone", checkPhone, "…"), b.text("email", checkEmail, "…")}
}

func (s scope) orderer() Orderer {
	b, ok := s.one("orderer", true, `orderer { name = "…"  place = "…"  date = "2026-12-01" }`)
	if !ok {
		return Orderer{}
	}
	b.known([]string{"name", "place", "date", "name_in_print"}, nil)
	o := Orderer{Name: b.text("name", checkLine, "…"), Place: b.text("place", checkLine, "…")}
	o.Date, _ = readDate(b.text("date", checkDate, "2026-12-01"))
	o.NameInPrint = b.optional("name_in_print", checkLine, o.Name)
	return o
}

func (s scope) recipient() Recipient {
	b, ok := s.one("recipient", true, `recipient { key = "provider.asc"  fingerprint = "…" }`)
	if !ok {
		return Recipient{}
	}
	b.known([]string{"key", "fingerprint"}, nil)
	return Recipient{b.text("key", checkPath, "provider.asc"), b.text("fingerprint", checkFingerprint, "…")}
}

func (s scope) hold() Hold {
	h := Hold{Change: defaultChange}
	b, ok := s.one("hold", false, "hold { change = 25 }")
	if !ok {
		return h
	}
	b.known([]string{"change"}, []string{"table"})
	h.Change = b.number("change", 1, 1000, defaultChange)
	for _, block := range b.all("table", 1, `table "schema.Table" { change = 50 }`) {
		inner := b.inside(block, fmt.Sprintf("table[%d]", len(h.Tables)))
		inner.known([]string{"change"}, nil)
		name, problem := checkLine(cty.NormalizeString(block.Labels[0]))
		switch {
		case problem != nil:
			s.r.found = append(s.r.found, problem.at(s.r.rangeOf(block.LabelRanges[0])))
		case slices.ContainsFunc(h.Tables, func(t TableChange) bool { return t.Table == name }):
			s.r.refuse(CodeTwice, s.r.rangeOf(block.LabelRanges[0]), "the table has a bound already", "keep one")
		}
		if !inner.has("change") {
			inner.missing("change", "change = 50")
		}
		h.Tables = append(h.Tables, TableChange{name, inner.number("change", 1, 1000, defaultChange)})
	}
	// The order of the bounds says nothing, so it is not kept.
	slices.SortStableFunc(h.Tables, func(a, b TableChange) int { return strings.Compare(a.Table, b.Table) })
	return h
}

func (s scope) retry() Retry {
	r := Retry{defaultAttempts, defaultWait, defaultLongest}
	b, ok := s.one("retry", false, "retry { attempts = 5 }")
	if !ok {
		return r
	}
	b.known([]string{"attempts", "wait", "longest"}, nil)
	r.Attempts = b.number("attempts", 1, 100, defaultAttempts)
	r.Wait = b.duration("wait", defaultWait)
	r.Longest = b.duration("longest", max(defaultLongest, r.Wait))
	if r.Longest < r.Wait {
		b.r.refuse(CodeDuration, b.place("longest"), "longest is shorter than wait", "the wait begins at wait and doubles up to longest")
	}
	return r
}

func (s scope) duration(name string, otherwise time.Duration) time.Duration {
	text, ok := s.value(name, func(text string) (string, *flaw) { d, f := readDuration(text); return d.String(), f })
	if !ok {
		return otherwise
	}
	d, _ := readDuration(text)
	return d
}
