package run

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
	openpgp "github.com/ProtonMail/go-crypto/openpgp/v2"

	"github.com/utdrag/utdrag/examples/pmo"
	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask"
	"github.com/utdrag/utdrag/mask/value"
	"github.com/utdrag/utdrag/plan"
	"github.com/utdrag/utdrag/plan/pack"
)

// The benchmarks take one provider out of the sample journal. UTDRAG_BENCH_SCALE sets its size; 10 is half a million
// rows. BenchmarkRawScan reads the same rows by the same SELECTs and drops them: what everything else is measured by.
type bench struct {
	source *Source
	plan   *plan.Plan
	key    *mask.Key
}

func newBench(b *testing.B) *bench {
	b.Helper()
	scale := 4.0
	if text := os.Getenv("UTDRAG_BENCH_SCALE"); text != "" {
		var err error
		if scale, err = strconv.ParseFloat(text, 64); err != nil {
			b.Fatal(err)
		}
	}
	ctx := context.Background()
	path := filepath.Join(b.TempDir(), "journal.db")
	if err := pmo.Generate(ctx, path, pmo.Options{Scale: scale}); err != nil {
		b.Fatal(err)
	}
	source, err := Open(ctx, "sqlite:"+path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = source.Close() })
	c, err := source.Catalog(ctx)
	if err != nil {
		b.Fatal(err)
	}
	m, found := schemamap.Parse("pmo.hcl", []byte(pmo.Map))
	if found.Refused() {
		b.Fatal(found)
	}
	p, found := plan.Build(m, c, filter.Request{Provider: pmo.Providers()[0].HsaID})
	if found.Refused() {
		b.Fatal(found)
	}
	key, err := mask.NewKey([]byte("0123456789abcdef-0123456789ABCDEF"))
	if err != nil {
		b.Fatal(err)
	}
	return &bench{source, p, key}
}

// phases times the phases of a run.
type phases struct {
	silent
	name  string
	since time.Time
	spent map[string]time.Duration
}

func (p *phases) Phase(name string, _ int) {
	now := time.Now()
	if p.name != "" {
		p.spent[p.name] += now.Sub(p.since)
	}
	p.name, p.since = name, now
}

func (k *bench) run(b *testing.B, sink func(path string) Sink) {
	b.ReportAllocs()
	dir := b.TempDir()
	ph := &phases{spent: map[string]time.Duration{}}
	var rows, bytes int64
	b.ResetTimer()
	for i := range b.N {
		path := filepath.Join(dir, strconv.Itoa(i))
		r, err := Run(context.Background(), k.plan, k.source, sink(path), Options{Key: k.key, Progress: ph})
		if err != nil {
			b.Fatal(err)
		}
		ph.Phase("", 0)
		rows, bytes = r.Rows()
		b.StopTimer()
		_ = os.Remove(path)
		b.StartTimer()
	}
	b.SetBytes(bytes)
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	for name, spent := range ph.spent {
		if name != "" {
			b.ReportMetric(spent.Seconds()*1000/float64(b.N), name[:3]+"-ms/op")
		}
	}
}

func BenchmarkRawScan(b *testing.B) {
	k := newBench(b)
	ctx := context.Background()
	s, err := k.source.engine.Begin(ctx, engine.Terms{Work: workTables(k.plan)})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for i := range k.plan.Steps {
		if step := &k.plan.Steps[i].Step; step.Kind != plan.StepCopy && step.Kind != filter.StepMake {
			if err := execute(ctx, s, step); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportAllocs()
	var rows, bytes int64
	for b.Loop() {
		rows, bytes = 0, 0
		for i := range k.plan.Steps {
			step := &k.plan.Steps[i]
			if step.Kind != plan.StepCopy {
				continue
			}
			cursor, err := s.Read(ctx, *step.Copy)
			if err != nil {
				b.Fatal(err)
			}
			row := make([]value.Value, len(step.Copy.Columns))
			for cursor.Next(row) {
				rows++
				for _, v := range row {
					bytes += v.Size()
				}
			}
			if err := cursor.Err(); err != nil {
				b.Fatal(err)
			}
			if err := cursor.Close(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.SetBytes(bytes)
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkDiscard runs the plan into nothing: what masks, digests and the second query cost.
func BenchmarkDiscard(b *testing.B) {
	newBench(b).run(b, func(string) Sink { return discard{} })
}

func BenchmarkDatabase(b *testing.B) {
	newBench(b).run(b, func(path string) Sink { return NewDatabase("sqlite:" + path) })
}

func BenchmarkPackage(b *testing.B) {
	k := newBench(b)
	o := PackageOptions{Recipients: recipients(b), Tool: "bench"}
	k.run(b, func(path string) Sink { return NewPackage(path, o) })
}

// recipients is one key of the common kind.
func recipients(tb testing.TB) []*pack.Recipient {
	tb.Helper()
	entity, err := openpgp.NewEntity("Benchmark", "", "", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
	if err != nil {
		tb.Fatal(err)
	}
	var public bytes.Buffer
	if err := entity.Serialize(&public); err != nil {
		tb.Fatal(err)
	}
	r, err := pack.LoadRecipient(&public)
	if err != nil {
		tb.Fatal(err)
	}
	return []*pack.Recipient{r}
}
