// Synthea-import makes a SQLite file of a folder of Synthea's CSV files.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/utdrag/utdrag/examples/synthea"
)

func main() {
	output := flag.String("o", "", "the SQLite file to write, which must not exist")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: synthea-import -o FILE FOLDER")
		flag.PrintDefaults()
	}
	flag.Parse()
	if *output == "" || flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := synthea.Import(ctx, flag.Arg(0), *output)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "synthea-import:", err)
		os.Exit(3)
	}
}
