package main

import (
	"context"
	"fmt"
	"os"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine/sqlite"
)

func main() {
	src, err := os.ReadFile(os.Args[2])
	if err != nil {
		panic(err)
	}
	m, l := schemamap.Parse(os.Args[2], src)
	fmt.Println(l)
	s, err := sqlite.OpenFile(context.Background(), os.Args[1])
	if err != nil {
		panic(err)
	}
	c, err := s.Catalog(context.Background())
	if err != nil {
		panic(err)
	}
	fmt.Println(len(c.Tables))
	schema, l := filter.Bind(m, c)
	for _, d := range l {
		fmt.Println(d)
	}
	fmt.Println(schema != nil)
}
