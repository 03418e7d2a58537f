// Command embed shows how another system lets people query a shared database and see one care provider's rows alone.
//
//	go run ./examples/pmo/pmo-generate -o journal.db
//	go run ./examples/embed journal.db SE5500000012-1000
package main

import (
	"context"
	"fmt"
	"log"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: embed JOURNAL.db PROVIDER")
	}
	db, err := open(context.Background(), os.Args[1], os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	if err := busiest(context.Background(), db, os.Stdout); err != nil {
		log.Fatal(err)
	}
	fmt.Println("(these are the provider's visits, and no others)")
}
