package pmo

import (
	"fmt"
	"time"
)

// patientAt is a patient while his or her rows are made.
type patientAt struct {
	id, home int
	roams    bool
	now      time.Time
	notes    []int // earlier notes, for corrections
}

func at(year int, month time.Month) time.Time { return time.Date(year, month, 1, 8, 0, 0, 0, time.UTC) }

// patient makes one patient and everything about him or her.
func (g *generator) patient(id int) {
	born, personID := patientPerson(id)
	given, family := g.name(personID)
	p := &patientAt{id: id, home: g.anyUnit(), roams: g.chance(180), now: at(2016, time.January).AddDate(0, 0, g.IntN(1500))}
	if p.now.Before(born) {
		p.now = born.AddDate(0, 0, 1+g.IntN(60)).Add(8 * time.Hour)
	}
	var deceased any
	if born.Year() < 1945 {
		deceased = g.sometimes(100, at(2025, time.November).AddDate(0, 0, g.IntN(30)).Format(dateForm))
	}
	g.Add("Patient", id, personID, given, family, born.Format(dateForm), sexOf(personID), g.chance(5), g.sometimes(850, g.mobile()),
		g.sometimes(500, address(given, family, id)), fmt.Sprintf("%s %d", pick(g, streets), 1+g.IntN(90)), fmt.Sprintf("99%03d", g.IntN(1000)),
		pick(g, cities), deceased)
	g.listings(p)
	for range g.IntN(6) {
		g.visit(p)
	}
	if g.chance(300) {
		g.booking(p, p.home, "bokad", p.now.AddDate(0, 1+g.IntN(5), 0))
	}
	g.restrictions(p)
	if g.chance(250) { // someone elsewhere looks
		g.access(p, g.anyUnit(), p.now)
	}
}

// place is where a patient is seen: at home, but for those who roam.
func (g *generator) place(p *patientAt) int {
	if p.roams && g.chance(450) || g.chance(20) {
		return g.anyUnit()
	}
	return p.home
}

func (g *generator) listings(p *patientAt) {
	first := p.now.AddDate(0, 0, -1).Format(dateForm)
	if !g.chance(120) {
		g.Add("PatientListing", p.id, p.home, first, nil)
		return
	}
	moved := p.now.AddDate(1, 0, 0).Format(dateForm)
	g.Add("PatientListing", p.id, g.anyUnit(), first, moved)
	g.Add("PatientListing", p.id, p.home, moved, nil)
}

func (g *generator) booking(p *patientAt, unit int, status string, start time.Time) int {
	id := g.next("Booking")
	g.Add("Booking", id, p.id, unit, g.sometimes(900, g.seer(unit)), start.Format(timeForm), 10*(1+g.IntN(6)), status)
	return id
}

// restrictions are blocks and consents. A block stands in the provider's name whose information it closes.
func (g *generator) restrictions(p *patientAt) {
	if g.chance(30) {
		unit := g.place(p)
		from := p.now.Format(dateForm)
		if g.chance(500) {
			g.Add("Block", g.next("Block"), p.id, "Inner", providerOf(unit), unit, from, g.sometimes(300, p.now.AddDate(2, 0, 0).Format(dateForm)))
		} else {
			g.Add("Block", g.next("Block"), p.id, "Outer", providerOf(unit), nil, nil, nil)
		}
	}
	if p.roams && g.chance(400) {
		unit := g.anyUnit()
		kind := "Consent"
		if g.chance(100) {
			kind = "Emergency"
		}
		g.Add("Consent", g.next("Consent"), p.id, kind, providerOf(unit), g.sometimes(800, unit), g.sometimes(300, g.staffOf(unit)),
			p.now.Format(dateForm), g.sometimes(500, p.now.AddDate(1, 0, 0).Format(dateForm)))
	}
}

func (g *generator) access(p *patientAt, unit int, when time.Time) {
	g.Add("AccessLog", g.next("AccessLog"), g.seer(unit), unit, g.sometimes(980, p.id), pick(g, activities), pick(g, purposes),
		fmt.Sprintf("192.0.2.%d", 1+g.IntN(254)), when.Add(time.Duration(g.IntN(3600))*time.Second).Format(timeForm))
}

// host makes what belongs to no patient.
func (g *generator) host() {
	for i := range g.patients / 2 {
		g.Add("EventLog", i+1, pick(g, hosts), pick(g, []string{"info", "info", "warning"}), pick(g, messages),
			at(2025, time.January).Add(time.Duration(i)*time.Minute).Format(timeForm))
	}
	g.Add("Setting", "version", "2.31")
	g.Add("Setting", "smtp", "mail.example.org")
	g.Add("Setting", "region", "Region Exempel")
}
