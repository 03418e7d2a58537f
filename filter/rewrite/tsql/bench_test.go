package tsql

import (
	"context"
	"strings"
	"testing"

	"github.com/sqlc-dev/teesql/parser"
)

func BenchmarkRead(b *testing.B) {
	list := reports(b)
	b.Run("reader", func(b *testing.B) {
		for b.Loop() {
			for _, q := range list {
				if _, err := (Syntax{}).Read(q); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("parser", func(b *testing.B) { // some of them it can't read without the reader's help
		for b.Loop() {
			for _, q := range list {
				if script, err := parser.Parse(context.Background(), strings.NewReader(q)); err == nil && len(script.Batches) == 0 {
					b.Fatal("nothing read")
				}
			}
		}
	})
}
