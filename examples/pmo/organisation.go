package pmo

import (
	"fmt"
	"strings"
)

// providerOf, areaOf, homeOf and staffOf are the organisation's shape, as arithmetic on ids: units take turns among
// providers, and staff among units.
func providerOf(unit int) int { return (unit-1)%len(providers) + 1 }

// areaOf is a unit's secrecy area. Each provider has one of the same number; the first two keep every third unit apart
// in a second one.
func areaOf(unit int) int {
	p := providerOf(unit)
	if p <= 2 && (unit-1)/len(providers)%3 == 2 {
		return len(providers) + p
	}
	return p
}

func (g *generator) homeOf(staff int) int { return (staff-1)%g.units + 1 }

// consultant reports whether the region lends a member of staff out: such a one has no unit.
func (g *generator) consultant(staff int) bool {
	return (staff-1)/g.units == staffPerUnit-1 && staff%5 == 0
}

// staffOf is someone who works at a unit. The last place is left to consultants.
func (g *generator) staffOf(unit int) int { return unit + g.units*g.IntN(staffPerUnit-1) }

// anyone is anyone at all, whoever employs them.
func (g *generator) anyone() int { return 1 + g.IntN(g.staff) }

// seer is who sees a patient at a unit: now and then someone who is lent to it.
func (g *generator) seer(unit int) int {
	if g.chance(30) {
		return g.anyone()
	}
	return g.staffOf(unit)
}

func (g *generator) anyUnit() int { return 1 + g.IntN(g.units) }

func (g *generator) organisation() {
	for i, p := range providers {
		g.Add("CareProvider", i+1, p.HsaID, p.OrganisationNumber, p.Name)
	}
	for i, p := range providers {
		g.Add("SecrecyArea", i+1, i+1, "A", p.Name)
	}
	for i, p := range providers[:2] {
		g.Add("SecrecyArea", len(providers)+i+1, i+1, "B", p.Name+", ungdomsmottagning")
	}
	for id := 1; id <= g.units && g.Err() == nil; id++ {
		g.unit(id)
	}
	for id := 1; id <= g.staff && g.Err() == nil; id++ {
		g.member(id)
	}
}

func (g *generator) unit(id int) {
	provider := providerOf(id)
	var parent any
	if id > len(providers) {
		parent = provider // the first unit of a provider has its number
	}
	manager := id
	if id%11 == 0 {
		manager = g.anyone()
	}
	g.Add("CareUnit", id, fmt.Sprintf("SE%s-U%03d", providers[provider-1].OrganisationNumber, id), provider, areaOf(id), parent, manager,
		pick(g, unitKinds)+" "+pick(g, placeNames), g.landline())
}

func (g *generator) member(id int) {
	_, personID := staffPerson(id)
	home := g.homeOf(id)
	given, family := g.name(personID)
	user := fmt.Sprintf("C%06d", 820000+id)
	if id%9 == 0 {
		user = strings.ToLower(user)
	}
	hsaID, unit := any(fmt.Sprintf("SE%s-P%05d", providers[providerOf(home)-1].OrganisationNumber, id)), any(home)
	if g.consultant(id) {
		hsaID, unit = fmt.Sprintf("SE%s-P%05d", providers[0].OrganisationNumber, id), nil
	}
	g.Add("Staff", id, hsaID, user, personID, given, family, pick(g, titles), address(given, family, id), g.sometimes(600, g.mobile()),
		fmt.Sprintf("pbkdf2-sha256$600000$%016x%016x", g.Uint64(), g.Uint64()), unit)

	role := pick(g, roles).code
	g.Add("Assignment", id, home, role, "2018-01-01", nil)
	if g.chance(150) { // a second assignment, and most often at another provider
		other := g.anyUnit()
		if other != home {
			g.Add("Assignment", id, other, role, "2021-09-01", g.sometimes(300, "2024-08-31"))
		}
	}
	if g.chance(200) {
		g.Add("Delegation", g.next("Delegation"), role, home, id, g.sometimes(900, g.staffOf(home)), "Insulingivning", "2026-12-31")
	}
}

// name is a first and last name that agree with a person number.
func (g *generator) name(personID string) (given, family string) {
	names := womensNames
	if sexOf(personID) == "M" {
		names = mensNames
	}
	return pick(g, names), pick(g, familyNames)
}

var plain = strings.NewReplacer("å", "a", "ä", "a", "ö", "o", "Å", "A", "Ä", "A", "Ö", "O")

// address is an e-mail address.
func address(given, family string, id int) string {
	return strings.ToLower(plain.Replace(fmt.Sprintf("%s.%s.%d@example.org", given, family, id)))
}
