package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/internal/engine/sqlite"
	"github.com/utdrag/utdrag/mask/value"
)

// A new file is made, loaded, committed, and read as a source.
func Example() {
	ctx := context.Background()
	directory, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(directory)
	path := filepath.Join(directory, "copy.db")

	target, err := sqlite.Create(ctx, path)
	if err != nil {
		log.Fatal(err)
	}
	defer target.Abort() // does nothing after Commit
	unit := catalog.Table{Name: catalog.Name{Schema: "main", Table: "CareUnit"}, Columns: []catalog.Column{
		{Name: "HsaId", EngineType: "TEXT", Type: value.Type{Kind: value.String}},
	}, PrimaryKey: &catalog.Key{Columns: []string{"HsaId"}}}
	if err := target.Create(ctx, engine.Definition{Tables: []catalog.Table{unit}}); err != nil {
		log.Fatal(err)
	}
	loader, err := target.Load(ctx, unit.Name, []string{"HsaId"})
	if err != nil {
		log.Fatal(err)
	}
	err = loader.Write([]value.Value{value.NewText("SE2321000016-1003")})
	if err := errors.Join(err, loader.Close(), target.Index(ctx), target.Commit(ctx)); err != nil {
		log.Fatal(err)
	}

	source, err := sqlite.Open(ctx, "sqlite:"+path)
	if err != nil {
		log.Fatal(err)
	}
	defer source.Close()
	snapshot, err := source.Begin(ctx, engine.Terms{})
	if err != nil {
		log.Fatal(err)
	}
	defer snapshot.Close()
	rows, err := snapshot.Query(ctx, `SELECT "HsaId" FROM "CareUnit"`)
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	row := make([]value.Value, 1)
	for rows.Next(row) {
		fmt.Println(snapshot.Kind()+":", row[0].Text())
	}
	if err := rows.Err(); err != nil {
		log.Fatal(err)
	}
	// Output: sqlite read transaction: SE2321000016-1003
}
