package order

import (
	"strconv"

	"github.com/zclconf/go-cty/cty"

	"github.com/utdrag/utdrag/filter/diag"
)

// Prompter asks a person. [NewTerminal] is one.
type Prompter interface {
	// Ask shows label and returns what the person answers, or preset where that is nothing. validate says whether an answer will
	// do; a prompter may ask again by itself until it does. An error means that there is nobody to answer any more.
	Ask(label, preset string, validate func(string) error) (string, error)
	// Say shows a line.
	Say(text string)
}

// patience is how often one question is asked before the answers are taken for a machine's.
const patience = 20

// Ask asks for every field of the form and returns the order, which is as [Parse] would return it. file is where the order will
// stand. An answer that won't do is told what is wrong with it, and asked for again. Fields with a default that suits almost
// everybody (bounds, retries) are not asked for: they stand in what [Write] prints.
func Ask(p Prompter, file string) (*Order, diag.List, error) {
	q := &questions{p: p}
	o := &Order{file: file, Hold: Hold{Change: defaultChange}, Retry: Retry{defaultAttempts, defaultWait, defaultLongest}}
	o.ID = q.ask("Beställningens id / Order id", "", checkID)
	q.say("Vårdgivare / Care provider")
	o.Provider = q.party()
	for first := true; q.err == nil; first = false {
		if !first && !q.yes("Ännu en utförande enhet? / Another performing unit?", "n") {
			break
		}
		q.say("Utförande enhet / Performing unit")
		o.Units = append(o.Units, q.party())
	}
	o.Interval = q.interval()
	q.say("Ansvarig kontaktperson / Responsible contact")
	o.Responsible = q.contact()
	q.say("IT-kontakt / IT contact")
	o.IT = q.contact()
	o.Purpose = q.ask("Ändamål / Purpose", "", checkLine)
	o.Other = q.ask("Övriga upplysningar / Other information", "", checkProse)
	q.say("Beställare / Orderer")
	o.Orderer.Name = q.ask("Namn / Name", "", checkLine)
	o.Orderer.Place = q.ask("Ort / Place", "", checkLine)
	o.Orderer.Date, _ = readDate(q.ask("Datum / Date", "", checkDate))
	o.Orderer.NameInPrint = q.ask("Namnförtydligande / Name in print", o.Orderer.Name, checkLine)
	q.say("Uttag / Extract")
	o.Source = q.ask("Källa / Source: env:NAME, file:PATH, URL", "", checkSource)
	o.Map = q.ask("Karta / Schema map", "", checkPath)
	o.Format = q.ask("Format / Format", Formats()[0], choose(Formats()...))
	o.MaskingKey = q.ask("Maskeringsnyckel / Masking key's file", "", orNothing(checkPath))
	o.Recipient.KeyFile = q.ask("Mottagarens nyckel / The recipient's key file", "", checkPath)
	o.Recipient.Fingerprint = q.ask("Fingeravtryck / Its fingerprint", "", checkFingerprint)
	o.Delivery = q.delivery()
	if q.err != nil {
		return nil, nil, q.err
	}
	// What was asked for one by one is held together as a text is: units named twice, secrets in prose, check digits.
	made, found := Parse(file, Write(o))
	return made, found, found.Err()
}

// questions asks until something fails; after that every answer is empty.
type questions struct {
	p   Prompter
	err error
}

func (q *questions) say(text string) {
	if q.err == nil {
		q.p.Say(text)
	}
}

func (q *questions) ask(label, preset string, check checker) string {
	normal := func(text string) (string, *flaw) { return check(cty.NormalizeString(text)) }
	validate := func(text string) error {
		if _, f := normal(text); f != nil {
			return f
		}
		return nil
	}
	for range patience {
		if q.err != nil {
			return ""
		}
		answer, err := q.p.Ask(label, preset, validate)
		if err != nil {
			break
		}
		kept, f := normal(answer)
		if f == nil {
			return kept
		}
		q.p.Say(f.Error())
	}
	if q.err == nil {
		q.err = &diag.Error{Code: CodeAnswer, Class: diag.Misuse, Message: "a question wasn't answered: " + label,
			Advice: "fill in the template instead, and check it"}
	}
	return ""
}

func orNothing(check checker) checker {
	return func(text string) (string, *flaw) {
		if text == "" {
			return "", nil
		}
		return check(text)
	}
}

func (q *questions) yes(label, preset string) bool {
	answer := q.ask(label+" j/n", preset, choose("j", "ja", "y", "yes", "n", "nej", "no"))
	return answer != "" && answer[0] != 'n'
}

func (q *questions) party() Party {
	p := Party{Name: q.ask("Namn / Name", "", checkLine), HSAID: q.ask("HSA-id / HSA id", "", checkHSAID)}
	if f := checkDigit(p.HSAID); f != nil {
		q.say(f.Error())
	}
	return p
}

func (q *questions) contact() Contact {
	return Contact{q.ask("Namn / Name", "", checkLine), q.ask("Telefon / Phone", "", checkPhone), q.ask("E-post / E-mail", "", checkEmail)}
}

func (q *questions) interval() Interval {
	var i Interval
	often := q.ask("Leveransintervall / Delivery interval: once, daily, weekly, monthly, quarterly, cron", "monthly", choose(append([]string{"cron"}, everyWords...)...))
	if often == "cron" {
		i.Cron = q.ask("Cron", "", checkCron)
	} else {
		i.Every = often
		i.At, _ = readClock(q.ask("Klockslag / Time of day", defaultClock.String(), func(text string) (string, *flaw) { _, f := readClock(text); return text, f }))
	}
	i.Start, _ = readDate(q.ask("Från och med / Starting", "", orNothing(checkDate)))
	i.Zone = q.ask("Tidszon / Time zone", defaultZone, checkZone)
	return i
}

func (q *questions) delivery() (d Delivery) {
	switch q.ask("Leverans / Delivery: sftp, folder, command", "sftp", choose("sftp", "folder", "command")) {
	case "sftp":
		d.SFTP = q.sftp()
	case "folder":
		d.Folder = q.ask("Mapp / Folder", "", checkPath)
	case "command":
		d.Command = []string{q.ask("Program / Program", "", checkLine)}
		for q.err == nil {
			argument := q.ask("Argument / Argument", "", orNothing(func(text string) (string, *flaw) { return text, checkCommand(append(d.Command, text)) }))
			if argument == "" {
				break
			}
			d.Command = append(d.Command, argument)
		}
	}
	return d
}

func (q *questions) sftp() *SFTP {
	port := func(text string) (string, *flaw) {
		if n, err := strconv.Atoi(text); err != nil || n < 1 || n > 65535 {
			return "", &flaw{code: CodeNumber, summary: "this is not a port", advice: "write a whole number from 1 to 65535"}
		}
		return text, nil
	}
	s := &SFTP{Host: q.ask("Värd / Host", "", checkHost)}
	s.Port, _ = strconv.Atoi(q.ask("Port / Port", strconv.Itoa(defaultPort), port))
	s.User = q.ask("Användare / User", "", checkUser)
	s.Folder = q.ask("Mapp / Folder", defaultFolder, checkRemoteFolder)
	s.HostKey = q.ask("Värdnyckel / Host key SHA256:…, or nothing for known_hosts", "", orNothing(checkHostKey))
	if s.HostKey == "" {
		s.KnownHosts = q.ask("Värdnycklar / known_hosts file", "", checkPath)
	}
	switch q.ask("Inloggning / Login: password, key, agent", "password", choose("password", "key", "agent")) {
	case "password":
		s.Password, _ = readLogin(q.ask("Lösenordet finns i / The password is in env:NAME, file:PATH or prompt", "", checkPlace))
	case "key":
		s.KeyFile = q.ask("Nyckel / Private SSH key's file", "", checkPath)
		s.Passphrase, _ = readLogin(q.ask("Lösenfrasen finns i / Its passphrase is in env:NAME, file:PATH or prompt", "", orNothing(checkPlace)))
	case "agent":
		s.Agent = true
	}
	return s
}
