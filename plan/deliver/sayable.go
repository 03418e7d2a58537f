package deliver

import (
	"strings"

	"github.com/utdrag/utdrag/plan/deliver/disclosure"
)

// What can't be logged isn't disclosed: both the record that refuses an order and the one that says it was delivered are tried before
// anything is done.

// leaveUnsaid is why the log can't hold what the order says, or nil. The record is without it then: that the order is refused is
// logged all the same, and its hash tells which one it was.
func (d *delivery) leaveUnsaid() error {
	trial := d.record
	trial.Outcome, trial.Code = disclosure.Refused, codeUncoded
	err := trial.Check()
	if err != nil {
		d.record = disclosure.Disclosure{Order: disclosure.Order{Hash: d.record.Order.Hash}, Provider: d.record.Provider}
	}
	return err
}

// sayable refuses, before a row is read, a delivery that the log couldn't be told of when it is done.
func (d *delivery) sayable() error {
	trial := d.record
	trial.Outcome = disclosure.Delivered
	trial.Package = disclosure.Package{Name: packageName(d.order, d.began), SHA256: strings.Repeat("0", 64), Size: 1}
	for _, t := range d.plan.Tables {
		trial.Tables = append(trial.Tables, disclosure.Table{Name: t.Name})
	}
	return trial.Check()
}
