package order

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/utdrag/utdrag/filter/diag"
)

// source asks the source for the provider and its units. HSA-ids are compared to the letter, as the extract will.
func (c *check) source(ctx context.Context, o *Order, sources Sources) {
	failed := func(err error) {
		f := flaw{code: CodeSourceFailed, summary: "the source couldn't be asked for the provider and its units", advice: "see that it can be reached, and check again"}
		// What a driver says may quote anything; only our own errors are known not to.
		if coded, ok := errors.AsType[*diag.Error](err); ok {
			f.summary += ": " + coded.Code + ": " + coded.Message
			if coded.Advice != "" {
				f.advice = coded.Advice
			}
		}
		c.add(o, "source", f)
	}
	s, err := sources(ctx, o)
	if err != nil {
		failed(err)
		return
	}
	registered, err := s.Registered(ctx, o.Provider.HSAID)
	if err != nil {
		failed(err)
		return
	}
	if !registered {
		f := flaw{code: CodeNotRegistered, summary: "the provider's HSA-id is not registered in the source",
			advice: "it is registered before the first delivery; compare it with the source's"}
		if other := otherForm(o.Provider.HSAID); other != "" {
			if there, err := s.Registered(ctx, other); err == nil && there {
				f.advice = "the source has it with the organisation number in the other form: write " + other
			}
		}
		c.add(o, "provider.hsa_id", f)
		return
	}
	units, err := s.UnitsOf(ctx, o.Provider.HSAID)
	if err != nil {
		failed(err)
		return
	}
	for i, u := range o.Units {
		if slices.Contains(units, u.HSAID) {
			continue
		}
		f := flaw{code: CodeNotItsUnit, summary: "the unit is not one of the provider's in the source", advice: "compare its HSA-id with the source's"}
		if other := otherForm(u.HSAID); slices.Contains(units, other) {
			f.advice = "the source has it with the organisation number in the other form: write " + other
		}
		c.add(o, fmt.Sprintf("unit[%d].hsa_id", i), f)
	}
}
