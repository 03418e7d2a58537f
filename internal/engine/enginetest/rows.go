// Package enginetest is what tests of several engines share: databases, connections that break, rows to compare.
package enginetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// Rows runs a map on a database and returns what it copies, by table without its schema, in lower case: each row as one
// text of its cells in neutral form, sorted. Two engines that hold the same rows give the same, but for hashes of texts
// whose case only one of them looks at: such columns are named, as table.column, to be left out.
func Rows(ctx context.Context, url, text string, r filter.Request, key *mask.Key, except ...string) (rows map[string][]string, err error) {
	source, err := run.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	m, found := schemamap.Parse("map.hcl", []byte(text))
	if found.Refused() {
		return nil, found
	}
	c, err := source.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	p, found := plan.Build(m, c, r)
	if found.Refused() {
		return nil, found
	}
	sink := &memory{rows: map[string][]string{}, except: except}
	if _, err := run.Run(ctx, p, source, sink, run.Options{Key: key, AllowInconsistent: true}); err != nil {
		return nil, err
	}
	for _, list := range sink.rows {
		slices.Sort(list)
	}
	return sink.rows, nil
}

type memory struct {
	rows   map[string][]string
	except []string
}

func (m *memory) Begin(context.Context, *plan.Plan, *run.Report) error { return nil }
func (m *memory) Finish(context.Context, *run.Report) error            { return nil }
func (m *memory) Abort() error                                         { return nil }

func (m *memory) Table(_ context.Context, t *plan.Table) (run.RowWriter, error) {
	name := strings.ToLower(t.Name.Table)
	m.rows[name] = []string{}
	return &memoryTable{m, name, t.Columns}, nil
}

type memoryTable struct {
	sink    *memory
	name    string
	columns []plan.Column
}

func (t *memoryTable) Write(row []value.Value) error {
	var b strings.Builder
	for i, v := range row {
		if slices.Contains(t.sink.except, t.name+"."+strings.ToLower(t.columns[i].Name)) {
			continue
		}
		v = value.Neutral(v, t.columns[i].Type)
		switch v.Form() {
		case value.Null:
			b.WriteString("NULL")
		case value.Bool:
			fmt.Fprint(&b, v.Bool())
		case value.Int:
			fmt.Fprint(&b, v.Int())
		case value.Float:
			fmt.Fprintf(&b, "%x", v.FloatBits())
		case value.Text, value.Time: // a time with an offset is text where no type keeps the offset
			fmt.Fprintf(&b, "%q", v.Text())
		default:
			fmt.Fprintf(&b, "%s %q", v.Form(), v.Text())
		}
		b.WriteByte('\t')
	}
	t.sink.rows[t.name] = append(t.sink.rows[t.name], b.String())
	return nil
}

func (t *memoryTable) Close() error { return nil }
