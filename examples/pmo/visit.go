package pmo

import (
	"fmt"
	"strconv"
	"time"
)

// visit makes one visit with all that was written at it.
func (g *generator) visit(p *patientAt) {
	p.now = p.now.AddDate(0, 0, 7+g.IntN(300)).Truncate(24 * time.Hour).Add(time.Duration(7*60+g.IntN(600)) * time.Minute)
	unit := g.place(p)
	seer := g.seer(unit)
	booking := any(nil)
	if g.chance(550) {
		booking = g.booking(p, unit, "ankommen", p.now)
	} else if g.chance(150) {
		g.booking(p, unit, "avbokad", p.now)
	}
	area := any(areaOf(unit))
	switch {
	case g.chance(4): // nobody wrote it down
		area = nil
	case g.chance(2): // somebody wrote it down wrong
		area = 1 + g.IntN(len(providers)+2)
	}
	id := g.next("Visit")
	g.Add("Visit", id, p.id, unit, area, g.sometimes(970, seer), booking, pick(g, visitTypes).code, p.now.Format(timeForm),
		g.sometimes(950, p.now.Add(time.Duration(10+g.IntN(50))*time.Minute).Format(timeForm)), g.sometimes(900, pick(g, reasons)))

	g.measurements(p, id)
	for range 1 + g.IntN(2) {
		g.note(p, id, unit, seer)
	}
	for i := range g.IntN(3) {
		g.Add("Diagnosis", g.next("Diagnosis"), id, pick(g, icd10).code, i+1)
	}
	g.prescriptions(p, id, unit, seer)
	if g.chance(300) {
		g.labOrder(p, id, unit, seer)
	}
	if g.chance(120) {
		g.referral(p, id, unit, seer)
	}
	if g.chance(120) {
		g.document(p, id, unit)
	}
	for range 1 + g.IntN(2) {
		g.access(p, unit, p.now)
	}
}

func (g *generator) measurements(p *patientAt, visit int) {
	if !g.chance(500) {
		return
	}
	when := p.now.Format(timeForm)
	g.Add("Measurement", visit, "Systoliskt blodtryck", 100+g.IntN(80), when)
	g.Add("Measurement", visit, "Diastoliskt blodtryck", 60+g.IntN(40), when)
	if g.chance(30) { // a double click
		g.Add("Measurement", visit, "Puls", 72, when)
		g.Add("Measurement", visit, "Puls", 72, when)
	}
}

func (g *generator) note(p *patientAt, visit, unit, author int) {
	id := g.next("Note")
	var corrects any
	if len(p.notes) > 0 && g.chance(80) {
		corrects = pick(g, p.notes)
	}
	written := p.now.Add(time.Duration(5+g.IntN(120)) * time.Minute)
	signer, signed := any(nil), any(nil)
	if g.chance(900) {
		signer, signed = author, written.Add(time.Duration(g.IntN(72))*time.Hour).Format(timeForm)
		if g.chance(100) {
			signer = g.seer(unit)
		}
	}
	body := pick(g, reasons) + ". " + pick(g, findings) + " " + pick(g, findings) + " " + pick(g, plans)
	g.Add("Note", id, visit, author, signer, corrects, pick(g, templates), body, written.Format(timeForm), signed)
	p.notes = append(p.notes, id)
	for i := range g.IntN(3) {
		g.Add("NoteValue", id, i+1, pick(g, keywords), g.sometimes(900, pick(g, findings)))
	}
}

// prescriptions are written at a visit, or renewed by phone: then there is no visit, and in old rows no unit either.
func (g *generator) prescriptions(p *patientAt, visit, unit, prescriber int) {
	for range g.IntN(3) {
		at, where := any(visit), g.sometimes(700, unit)
		if g.chance(120) {
			at, where = nil, g.sometimes(900, unit)
		}
		g.Add("Prescription", g.next("Prescription"), p.id, at, where, prescriber, pick(g, atc).code, pick(g, dosages), p.now.Format(timeForm))
	}
}

func (g *generator) labOrder(p *patientAt, visit, unit, orderer int) {
	id := g.next("LabOrder")
	requisition := fmt.Sprintf("L%09d", id)
	g.Add("LabOrder", id, requisition, visit, orderer, g.sometimes(800, g.anyUnit()), p.now.Format(timeForm))
	if g.chance(50) { // no answer yet
		return
	}
	answered := p.now.Add(time.Duration(24+g.IntN(72)) * time.Hour).Format(timeForm)
	for range 2 + g.IntN(4) {
		a := pick(g, analyses)
		result := a.mean * (0.6 + 0.8*g.Float64())
		g.Add("LabResult", g.next("LabResult"), requisition, a.code.code, g.sometimes(980, decimal(result)), result > 1.25*a.mean,
			g.sometimes(700, g.seer(unit)), answered)
	}
}

// decimal writes a number with two decimals, as text: SQLite makes of it what its column's affinity says.
func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

func (g *generator) referral(p *patientAt, visit, unit, writer int) {
	from := any(unit)
	at := any(visit)
	if g.chance(50) { // from outside the region
		from, at = nil, nil
	}
	cancelled := 0
	if g.chance(80) {
		cancelled = 1
	}
	g.Add("Referral", g.next("Referral"), p.id, at, from, g.sometimes(950, g.anyUnit()), g.sometimes(900, writer), pick(g, questions),
		g.sometimes(600, pick(g, findings)), cancelled, p.now.Format(timeForm))
}

const largeDocument = 256 << 10

func (g *generator) document(p *patientAt, visit, unit int) {
	id := g.next("Document")
	size := 500 + g.IntN(4000)
	if id%100 == 0 {
		size = largeDocument
	}
	at := g.sometimes(850, visit)
	if g.chance(30) { // a document of another unit's about this visit
		unit = g.anyUnit()
	}
	g.Add("Document", id, p.id, unit, at, pick(g, documents), "application/pdf", g.content(size))
}

// content is so many bytes that begin as a PDF does and compress as badly.
func (g *generator) content(size int) []byte {
	bytes := append(make([]byte, 0, size+8), "%PDF-1.7\n% invented\n"...)
	for len(bytes) < size {
		x := g.Uint64()
		bytes = append(bytes, byte(x), byte(x>>8), byte(x>>16), byte(x>>24), byte(x>>32), byte(x>>40), byte(x>>48), byte(x>>56))
	}
	return bytes[:size]
}
