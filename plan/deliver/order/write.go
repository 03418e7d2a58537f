package order

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Write prints an order's canonical text: every field in the form's order, defaults written out, one layout. Two orders that say
// the same have the same text, and [Parse] reads it to the same order.
func Write(o *Order) []byte { return hclwrite.Format(plainText(o)) }

// plainText is the canonical text before it is laid out. Hashes are of this: how wide hclwrite takes a character to be may change
// with its version, and a signed order's hash must not.
func plainText(o *Order) []byte {
	p := &printer{}
	p.line("version = 1")
	p.text("id", o.ID)
	p.party("provider", o.Provider)
	for _, u := range o.Units {
		p.party("unit", u)
	}
	p.block("interval", func() {
		p.some("every", o.Interval.Every)
		p.some("cron", o.Interval.Cron)
		p.some("start", o.Interval.Start.String())
		if o.Interval.Cron == "" {
			p.text("at", o.Interval.At.String())
		}
		p.text("zone", o.Interval.Zone)
	})
	p.contact("responsible", o.Responsible)
	p.contact("it", o.IT)
	p.line("")
	p.some("other", o.Other)
	p.text("purpose", o.Purpose)
	p.block("orderer", func() {
		p.text("name", o.Orderer.Name)
		p.text("place", o.Orderer.Place)
		p.text("date", o.Orderer.Date.String())
		p.text("name_in_print", o.Orderer.NameInPrint)
	})
	p.line("")
	p.text("source", o.Source)
	p.text("map", o.Map)
	p.text("format", o.Format)
	p.some("masking_key", o.MaskingKey)
	p.block("recipient", func() {
		p.text("key", o.Recipient.KeyFile)
		p.text("fingerprint", o.Recipient.Fingerprint)
	})
	p.block("delivery", func() { p.delivery(o.Delivery) })
	p.block("hold", func() {
		p.line(fmt.Sprintf("change = %d", o.Hold.Change))
		for _, t := range o.Hold.Tables {
			p.block("table "+quoted(t.Table), func() { p.line(fmt.Sprintf("change = %d", t.Change)) })
		}
	})
	p.block("retry", func() {
		p.line(fmt.Sprintf("attempts = %d", o.Retry.Attempts))
		p.text("wait", duration(o.Retry.Wait))
		p.text("longest", duration(o.Retry.Longest))
	})
	return p.out.Bytes()
}

func (p *printer) delivery(d Delivery) {
	if d.SFTP != nil {
		p.block("sftp", func() {
			p.text("host", d.SFTP.Host)
			p.line(fmt.Sprintf("port = %d", d.SFTP.Port))
			p.text("user", d.SFTP.User)
			p.text("folder", d.SFTP.Folder)
			p.some("host_key", d.SFTP.HostKey)
			p.some("known_hosts", d.SFTP.KnownHosts)
			p.some("password", d.SFTP.Password.String())
			p.some("key", d.SFTP.KeyFile)
			p.some("passphrase", d.SFTP.Passphrase.String())
			if d.SFTP.Agent {
				p.line("agent = true")
			}
		})
	}
	if d.Folder != "" {
		p.block("folder", func() { p.text("path", d.Folder) })
	}
	if len(d.Command) > 0 {
		p.block("command", func() {
			arguments := make([]string, len(d.Command))
			for i, a := range d.Command {
				arguments[i] = quoted(a)
			}
			p.line("argv = [" + strings.Join(arguments, ", ") + "]")
		})
	}
}

// printer writes HCL; its layout is hclwrite's.
type printer struct {
	out bytes.Buffer
}

func (p *printer) line(text string) { p.out.WriteString(text + "\n") }

func (p *printer) text(name, value string) { p.line(name + " = " + quoted(value)) }

// some writes a field that may be left out.
func (p *printer) some(name, value string) {
	if value != "" {
		p.text(name, value)
	}
}

func (p *printer) block(header string, body func()) {
	if !bytes.HasSuffix(p.out.Bytes(), []byte("{\n")) && !bytes.HasSuffix(p.out.Bytes(), []byte("\n\n")) {
		p.line("")
	}
	p.line(header + " {")
	body()
	p.line("}")
}

func (p *printer) party(name string, of Party) {
	p.block(name, func() {
		p.text("name", of.Name)
		p.text("hsa_id", of.HSAID)
	})
}

func (p *printer) contact(name string, of Contact) {
	p.block(name, func() {
		p.text("name", of.Name)
		p.text("phone", of.Phone)
		p.text("email", of.Email)
	})
}

// quoted is a text as HCL quotes it: a template in which nothing is to be evaluated.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, c := range text {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(c))
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, c)
		case (c == '$' || c == '%') && strings.HasPrefix(text[i+1:], "{"):
			b.WriteString(string(c) + string(c))
		default:
			b.WriteRune(c)
		}
	}
	return b.String() + `"`
}

// duration is time.Duration's text without the parts that are nought: 1h, not 1h0m0s.
func duration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
