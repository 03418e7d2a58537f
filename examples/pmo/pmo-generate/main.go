// Pmo-generate writes the invented journal database of package pmo to a new SQLite file.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/utdrag/utdrag/examples/pmo"
)

func main() {
	output := flag.String("o", "", "the SQLite file to write, which must not exist")
	scale := flag.Float64("scale", 1, "the amount of data: 1 is about 50,000 rows")
	seed := flag.Uint64("seed", 0, "chooses among databases of the same size")
	flag.Parse()
	if *output == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := pmo.Generate(ctx, *output, pmo.Options{Scale: *scale, Seed: *seed})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "pmo-generate:", err)
		os.Exit(3)
	}
}
