package deliver

import (
	"os"
	"testing"
)

// Somebody looks at a held delivery and confirms it, and meanwhile the order says another place: what was confirmed isn't that.
func TestAttackAnOrderThatChangedAfterItWasConfirmed(t *testing.T) {
	w := newWorld(t)
	o := w.order("tallmo", orderText())
	w.delivered(o)
	w.sql(`DELETE FROM Visit WHERE Id <> 100`)
	out, err := w.deliver(o)
	wantCode(t, err, codeHeld)
	confirm := func(options *Options) { options.Confirm = out.Held.Hash }
	if err := os.Mkdir(w.path("elsewhere"), 0o700); err != nil {
		t.Fatal(err)
	}
	o = w.order("tallmo", orderText(`"out"`, `"elsewhere"`))
	_, err = w.deliver(o, confirm)
	wantCode(t, err, codeConfirm)
	if laid := w.names("elsewhere"); len(laid) > 0 {
		t.Errorf("there lie %q", laid)
	}
	// As it was when it was looked at, it goes.
	w.delivered(w.order("tallmo", orderText()), confirm)
}
