// Pmo-generate writes the invented journal database of package pmo to a new SQLite file, or into an empty database of a
// server.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/internal/engine/transfer"
)

func main() {
	output := flag.String("o", "", "the SQLite file to write, which must not exist")
	to := flag.String("to", "", "the database to fill instead, postgres://… or sqlserver://…, which must be empty or not exist")
	scale := flag.Float64("scale", 1, "the amount of data: 1 is about 50,000 rows")
	seed := flag.Uint64("seed", 0, "chooses among databases of the same size")
	flag.Parse()
	if (*output == "") == (*to == "") || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := generate(ctx, *output, *to, pmo.Options{Scale: *scale, Seed: *seed})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "pmo-generate:", err)
		os.Exit(3)
	}
}

// generate writes the database to a file, or by way of one into a server's.
func generate(ctx context.Context, output, to string, o pmo.Options) (err error) {
	if to == "" {
		return pmo.Generate(ctx, output, o)
	}
	folder, err := os.MkdirTemp("", "pmo-generate-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	file := filepath.Join(folder, "journal.db")
	if err := pmo.Generate(ctx, file, o); err != nil {
		return err
	}
	rows, err := transfer.All(ctx, "sqlite:"+file, to, nil)
	if err == nil {
		fmt.Printf("%d rows\n", rows)
	}
	return err
}
