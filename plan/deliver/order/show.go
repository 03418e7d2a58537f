package order

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"unicode/utf8"
)

// section and row are the form as both of its renderings show it.
type section struct {
	Swedish, English string
	Rows             []row
}

type row struct{ Swedish, English, Value string }

// form is every field of the order, in the order of the region's form, and then what delivery needs. What isn't given is a dash,
// so that nobody adds to a signed form.
func (o *Order) form() []section {
	var units []row
	for _, u := range o.Units {
		units = append(units, row{"Namn", "Name", u.Name}, row{"HSA-id", "HSA id", u.HSAID})
	}
	contact := func(c Contact) []row {
		return []row{{"Namn", "Name", c.Name}, {"Telefon", "Phone", c.Phone}, {"E-post", "E-mail", c.Email}}
	}
	hold := []row{{"Kvarhålls om en tabell ändrats mer än", "Held if a table has changed by more than", fmt.Sprintf("%d %%", o.Hold.Change)}}
	for _, t := range o.Hold.Tables {
		hold = append(hold, row{"– tabellen " + t.Table, "– the table " + t.Table, fmt.Sprintf("%d %%", t.Change)})
	}
	sections := []section{
		{"Vårdgivare", "Care provider", []row{
			{"Juridiskt namn", "Legal name", o.Provider.Name}, {"HSA-id", "HSA id", o.Provider.HSAID},
			{"Organisationsnummer", "Organisation number", hyphenated(o.OrganisationNumber())}}},
		{"Utförande enheter", "Performing units", units},
		{"Leveransintervall", "Delivery interval", o.Interval.rows(o.Orderer.Date)},
		{"Ansvarig kontaktperson", "Responsible contact", contact(o.Responsible)},
		{"IT-kontakt", "IT contact", contact(o.IT)},
		{"Ändamål och övriga upplysningar", "Purpose and other information", []row{
			{"Ändamål", "Purpose", o.Purpose}, {"Övriga upplysningar", "Other information", o.Other}}},
		{"Uttag", "Extract", []row{
			{"Källa", "Source", o.Source}, {"Karta", "Schema map", o.Map}, {"Format", "Format", o.Format},
			{"Maskeringsnyckel", "Masking key", o.MaskingKey}}},
		{"Mottagarens nyckel (OpenPGP)", "The recipient's key (OpenPGP)", []row{
			{"Fil", "File", o.Recipient.KeyFile}, {"Fingeravtryck", "Fingerprint", grouped(o.Recipient.Fingerprint)}}},
		{"Leverans", "Delivery", o.Delivery.rows()},
		{"Kontroll och omförsök", "Holding and retries", append(hold,
			row{"Antal försök", "Attempts", fmt.Sprint(o.Retry.Attempts)},
			row{"Väntan mellan försök", "Wait between attempts", duration(o.Retry.Wait) + " – " + duration(o.Retry.Longest)})},
		{"Beställare (verksamhetschef för den juridiska personen)", "Orderer (head of operations for the legal person)", []row{
			{"Namn", "Name", o.Orderer.Name}, {"Ort", "Place", o.Orderer.Place}, {"Datum", "Date", o.Orderer.Date.String()}}},
	}
	for _, s := range sections {
		for i := range s.Rows {
			if s.Rows[i].Value == "" {
				s.Rows[i].Value = "–"
			}
		}
	}
	return sections
}

func (i Interval) rows(ordered Date) []row {
	often := row{"Intervall", "Interval", everySwedish[i.Every] + " (" + i.Every + ")"}
	if i.Cron != "" {
		often.Value = "cron " + i.Cron
	}
	start := i.Start
	if start == (Date{}) {
		start = ordered
	}
	rows := []row{often, {"Från och med", "Starting", start.String()}}
	if i.Cron == "" {
		rows = append(rows, row{"Klockslag", "Time of day", i.At.String()})
	}
	return append(rows, row{"Tidszon", "Time zone", i.Zone})
}

// form says in the form where a secret is kept.
func (s Secret) form(swedish, english string) string {
	if s.Prompt {
		return swedish + " som anges vid leverans (" + english + " given at delivery)"
	}
	return swedish + " i (" + english + " in) " + s.String()
}

func (d Delivery) rows() []row {
	switch {
	case d.SFTP != nil:
		login := row{"Inloggning", "Login", "SSH-agent (agent)"}
		if d.SFTP.Password != (Secret{}) {
			login.Value = d.SFTP.Password.form("lösenord", "password")
		} else if d.SFTP.KeyFile != "" {
			login.Value = "nyckel (key) " + d.SFTP.KeyFile
			if d.SFTP.Passphrase != (Secret{}) {
				login.Value += ", " + d.SFTP.Passphrase.form("lösenfras", "passphrase")
			}
		}
		pinned := d.SFTP.HostKey
		if pinned == "" {
			pinned = "known_hosts: " + d.SFTP.KnownHosts
		}
		return []row{{"Sätt", "Way", "SFTP"}, {"Värd", "Host", d.SFTP.Host}, {"Port", "Port", fmt.Sprint(d.SFTP.Port)},
			{"Användare", "User", d.SFTP.User}, {"Mapp", "Folder", d.SFTP.Folder}, {"Värdnyckel", "Host key", pinned}, login}
	case d.Folder != "":
		return []row{{"Sätt", "Way", "mapp (folder)"}, {"Mapp", "Folder", d.Folder}}
	}
	rows := []row{{"Sätt", "Way", "kommando (command)"}}
	for i, argument := range d.Command {
		if i == 0 {
			rows = append(rows, row{"Program", "Program", argument})
		} else {
			rows = append(rows, row{"Argument", "Argument", argument})
		}
	}
	return rows
}

// hyphenated is an organisation number as it is written on paper.
func hyphenated(number string) string {
	if len(number) != 10 {
		return number
	}
	return number[:6] + "-" + number[6:]
}

// grouped is a fingerprint in fours, to be read aloud and compared.
func grouped(fingerprint string) string {
	var b strings.Builder
	for i, c := range fingerprint {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

const (
	titleSwedish = "Beställning av utlämning av uppgifter"
	titleEnglish = "Order of a disclosure of data"
)

// column is where values stand in the text.
const column = 42

// ShowText writes the form for signing as text: Swedish, with the English beside it.
func (o *Order) ShowText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n%s\n%s\n", titleSwedish, titleEnglish, beside("Beställning / Order", o.ID), beside("Kontrollsumma / Hash (SHA-256)", o.Hash()))
	for _, s := range o.form() {
		fmt.Fprintf(&b, "\n%s\n%s\n", s.Swedish+" / "+s.English, strings.Repeat("-", utf8.RuneCountInString(s.Swedish+" / "+s.English)))
		for _, r := range s.Rows {
			label := r.Swedish
			if r.English != r.Swedish {
				label += " / " + r.English
			}
			b.WriteString(beside(label, r.Value) + "\n")
		}
	}
	line := strings.Repeat("_", 44)
	fmt.Fprintf(&b, "\n\n%s\n\n%s\n", beside("Underskrift / Signature", line), beside("Namnförtydligande / Name in print", o.Orderer.NameInPrint))
	_, err := io.WriteString(w, b.String())
	return unwritten(err)
}

// beside puts a value at its column; further lines of it stand below the first.
func beside(label, value string) string {
	if utf8.RuneCountInString(label) > column-2 {
		return label + "\n" + beside("", value)
	}
	pad := strings.Repeat(" ", column-utf8.RuneCountInString(label))
	return label + pad + strings.ReplaceAll(value, "\n", "\n"+strings.Repeat(" ", column))
}

//go:embed show.html
var showText string

var showHTML = template.Must(template.New("order").Parse(showText))

// ShowHTML writes the form for signing as one HTML file, to be printed: no script, and nothing loaded from elsewhere.
func (o *Order) ShowHTML(w io.Writer) error {
	return unwritten(showHTML.Execute(w, struct {
		TitleSwedish, TitleEnglish, ID, Hash, NameInPrint string
		Sections                                          []section
	}{titleSwedish, titleEnglish, o.ID, o.Hash(), o.Orderer.NameInPrint, o.form()}))
}
