package run_test

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/run"
)

// tables are the rows of a copy by table, as it holds them.
type tables = map[string][][]value.Value

// compare compares tables as bags of rows.
func compare(rt *rapid.T, what string, p *plan.Plan, want, got tables, story func() string) {
	if diff := cmp.Diff(printable(settled(rt, p, want)), printable(settled(rt, p, got))); diff != "" {
		rt.Fatalf("%s (-oracle +%s):\n%s\n%s", what, what, diff, story())
	}
}

func printable(all tables) map[string][]string {
	printed := map[string][]string{}
	for name, rows := range all {
		lines := []string{}
		for _, row := range rows {
			var cells []string
			for _, v := range row {
				cells = append(cells, printableCell(v))
			}
			lines = append(lines, strings.Join(cells, "|"))
		}
		slices.Sort(lines)
		printed[name] = lines
	}
	return printed
}

// printableCell prints a cell with its form, so that nothing looks the same that differs.
func printableCell(v value.Value) string {
	switch v.Form() {
	case value.Null:
		return "NULL"
	case value.Bool:
		return strconv.FormatBool(v.Bool())
	case value.Int:
		return fmt.Sprint(v.Int())
	case value.Float:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64) + "f"
	case value.Text:
		return fmt.Sprintf("%q", v.Text())
	}
	return fmt.Sprintf("%s %q", v.Form(), v.Text())
}

// settled are tables with every cell as its column holds it.
func settled(rt *rapid.T, p *plan.Plan, all tables) tables {
	same := tables{}
	for name, rows := range all {
		columns := p.Tables[slices.IndexFunc(p.Tables, func(t plan.Table) bool { return t.Name.String() == name })].Columns
		same[name] = [][]value.Value{}
		for _, row := range rows {
			if len(row) != len(columns) {
				rt.Fatalf("a row of %s has %d cells, and the plan has %d columns", name, len(row), len(columns))
			}
			cells := make([]value.Value, len(row))
			for i, v := range row {
				cells[i] = held(&columns[i], v)
			}
			same[name] = append(same[name], cells)
		}
	}
	return same
}

// held is a cell after what a column does to every cell that is written to it, which the oracle and masks know nothing
// of: it pads text of a fixed length, gives decimals its scale and may keep points in time without their offset.
func held(c *plan.Column, v value.Value) value.Value {
	switch {
	case v.Form() == value.Text && fixedLength(c):
		return value.NewText(strings.TrimRight(v.Text(), " "))
	case v.Form() == value.Decimal && c.Mask != "":
		if exact, ok := new(big.Rat).SetString(v.Text()); ok {
			return value.NewDecimal(exact.FloatString(c.Type.Scale))
		}
	case v.Form() == value.Time && c.Mask != "" && c.Type.Kind == value.TimestampTZ:
		if at, err := time.Parse(time.RFC3339Nano, v.Text()); err == nil {
			return value.NewTime(at.UTC().Format(time.RFC3339Nano))
		}
	}
	return v
}

func fixedLength(c *plan.Column) bool {
	word, _, _ := strings.Cut(strings.ToLower(c.EngineType), "(")
	return slices.Contains([]string{"char", "character", "nchar", "bpchar"}, word)
}

// memorySink keeps what it is given.
type memorySink struct{ tables map[string][][]value.Value }

func (s *memorySink) Begin(context.Context, *plan.Plan, *run.Report) error {
	s.tables = map[string][][]value.Value{}
	return nil
}

func (s *memorySink) Table(_ context.Context, t *plan.Table) (run.RowWriter, error) {
	s.tables[t.Name.String()] = [][]value.Value{}
	return &memoryTable{s, t.Name.String()}, nil
}

func (s *memorySink) Finish(context.Context, *run.Report) error { return nil }
func (s *memorySink) Abort() error                              { return nil }

type memoryTable struct {
	sink *memorySink
	name string
}

func (t *memoryTable) Write(row []value.Value) error {
	t.sink.tables[t.name] = append(t.sink.tables[t.name], slices.Clone(row))
	return nil
}

func (t *memoryTable) Close() error { return nil }
