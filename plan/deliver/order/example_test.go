package order_test

import (
	"fmt"
	"os"
	"time"

	"github.com/utdrag/utdrag/plan/deliver/order"
)

func ExampleParse() {
	_, found := order.Parse("tallmo.order.hcl", []byte(`version = 1
id = "tallmo"
provider {
  name   = "Tallmo Läkargrupp AB"
  hsa_id = "SE5500000020"
}
intervall {
  every = "monthly"
}
`))
	for _, d := range found[len(found)-2:] {
		fmt.Println(d.Error())
	}
	// Output:
	// tallmo.order.hcl:5:12: error UD112: the HSA-id has no hyphen after the organisation number (write SE, the organisation number, a hyphen and the unit's own letters and digits: SE5500000020-1000)
	// tallmo.order.hcl:7:1: error UD103: the order has no block of this name (did you mean "interval"?)
}

func ExampleOrder_Due() {
	text, err := os.ReadFile("testdata/good/sftp.order.hcl")
	if err != nil {
		fmt.Println(err)
		return
	}
	o, _ := order.Parse("sftp.order.hcl", text)
	last := time.Date(2026, 1, 31, 0, 0, 5, 0, time.UTC)
	due, next, missed := o.Due(last, time.Date(2026, 4, 2, 12, 0, 0, 0, time.UTC))
	fmt.Println(due, missed, next)
	// Output: true 1 2026-04-30 01:00:00 +0200 CEST
}
