package order

import (
	"errors"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
)

// Destination is what the disclosure log says of the place: as the order has it, which is what was signed.
func (d Delivery) Destination() disclosure.Destination {
	switch {
	case d.SFTP != nil:
		return disclosure.Destination{Kind: disclosure.SFTP, Host: d.SFTP.Host, Port: d.SFTP.Port, Folder: d.SFTP.Folder}
	case d.Folder != "":
		return disclosure.Destination{Kind: disclosure.Folder, Folder: d.Folder}
	}
	return disclosure.Destination{Kind: disclosure.Command}
}

// logged holds what the disclosure log is to say of an order against the log's own rules: what it refuses isn't delivered, and
// whoever writes the order should know that before the first delivery is due.
func (c *check) logged(o *Order) {
	place := "delivery.sftp.folder"
	if o.Delivery.SFTP == nil {
		place = "delivery.folder.path"
	}
	var units []string
	for _, u := range o.Units {
		units = append(units, u.HSAID)
	}
	for _, one := range []struct {
		field string
		said  disclosure.Disclosure
	}{
		{"id", disclosure.Disclosure{Order: disclosure.Order{ID: o.ID}}},
		{"purpose", disclosure.Disclosure{Purpose: o.Purpose}},
		{"unit[0]", disclosure.Disclosure{Units: units}},
		{place, disclosure.Disclosure{Destination: o.Delivery.Destination()}},
	} {
		one.said.Outcome, one.said.Code = disclosure.Refused, CodeUnlogged
		if e, ok := errors.AsType[*diag.Error](one.said.Check()); ok {
			c.add(o, one.field, flaw{code: CodeUnlogged, summary: "the disclosure log won't take this: " + e.Message, advice: e.Advice})
		}
	}
}
