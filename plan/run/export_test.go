package run

import (
	"context"
	"errors"

	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/plan"
)

// Recount gives a report the numbers and digests of what a copy holds now: what somebody would write who changed the
// copy and knew how to. Tests use it to see which checks stand on their own.
func Recount(ctx context.Context, p *plan.Plan, copied *Source, r *Report) error {
	s, err := copied.engine.Begin(ctx, engine.Terms{})
	if err != nil {
		return err
	}
	v := &copyVerifier{plan: p, report: r}
	for i := range p.Tables {
		found, err := v.read(ctx, s, &p.Tables[i])
		if err != nil {
			return errors.Join(err, s.Close())
		}
		t := &r.Tables[i]
		t.Rows, t.Bytes, t.Content = found.Rows, found.size, found.String()
	}
	return s.Close()
}
