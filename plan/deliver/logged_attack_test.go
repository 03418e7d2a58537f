package deliver

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
)

// What the log can't hold is found before anything is begun: a package must not lie with its recipient while the log refuses to say so.
func TestAttackWhatTheLogCannotHoldIsNotDelivered(t *testing.T) {
	// A table's name with the date and time of a copy, as people give them.
	backup := `ALTER TABLE Visit RENAME TO Visit_202601011200`
	for what, change := range map[string][]string{
		"a provider whose id ends in what looks like a person's number": {"SE5500000020-1000", "SE5500000020-191212121212"},
		"a purpose with a person's number":                              {"Uppföljning", "Uppföljning av 19121212-1212"},
		"a purpose with a character that the log doesn't take":          {"Uppföljning", "Uppföljning ½ år"},
		"an id that looks like a person's number":                       {`id      = "tallmo"`, `id      = "19121212-1212"`},
		"a table with the time of a copy in its name":                   {backup},
		"a folder with what settings have":                              {`path = "out"`, `path = "out=1"`},
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t)
			if err := os.Mkdir(w.path("out=1"), 0o700); err != nil {
				t.Fatal(err)
			}
			if i := slices.Index(change, "SE5500000020-1000"); i >= 0 {
				w.sql(`UPDATE Provider SET HsaId = '` + change[i+1] + `' WHERE Id = 1`)
			}
			if slices.Contains(change, backup) {
				w.sql(backup)
				w.write("journal.hcl", strings.ReplaceAll(w.read(w.path("journal.hcl")), "Visit", "Visit_202601011200"))
				change = nil
			}
			o := w.order("tallmo", orderText(change...))
			out, err := w.deliver(o)
			t.Logf("%v", err)
			laid := append(w.names("out"), w.names("out=1")...)
			if out != nil && out.Outcome == disclosure.Delivered && err == nil {
				if all := w.outcomes(); !slices.Contains(all, "delivered") {
					t.Errorf("delivered, and the log says %q", all)
				}
				return
			}
			if len(laid) > 0 {
				t.Errorf("not said to be delivered, and there lie %q", laid)
			}
			if !slices.ContainsFunc(w.outcomes(), func(o string) bool { return strings.HasPrefix(o, "refused ") }) {
				t.Errorf("the refusal isn't in the log: %q", w.outcomes())
			}
			if what == "a table with the time of a copy in its name" {
				return // the order knows nothing of it
			}
			if !order.Check(t.Context(), []*order.Order{o}, w.now, nil).Refused() {
				t.Error("order check finds nothing wrong with it")
			}
		})
	}
}

// However an order's path is written, the order isn't another one of its folder.
func TestAttackAnOrderIsNotInItsOwnWay(t *testing.T) {
	w := newWorld(t)
	w.write("tallmo"+order.Extension, orderText())
	t.Chdir(w.folder)
	others, _, err := order.LoadFolder(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"tallmo.order.hcl", "./tallmo.order.hcl", "out/../tallmo.order.hcl", w.path("tallmo.order.hcl")} {
		o, _, err := order.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		w.delivered(o, func(options *Options) { options.Others = others })
	}
}
