//go:build unix

package run

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/schemamap"
	"github.com/utdrag/utdrag/plan"
)

// childEnv makes the test binary a program that extracts: its value is source, sink kind and target.
const childEnv = "UTDRAG_BENCH_CHILD_SOURCE"

const memoryMap = `
version = 1
provider {
  table = "Provider"
  key   = "HsaId"
}
table "Visit" {
  path { via = ["ProviderId"] }
}
table "Note" {
  path { via = ["VisitId"] }
  column "Author" { mask = partial(1, 0) }
}
`

// BenchmarkPeakMemory extracts a table and one 50 times larger, each in a process of its own, and reports the largest
// amount of memory that the process ever held. The larger one must not need 10 MB more.
func BenchmarkPeakMemory(b *testing.B) {
	for _, rows := range []int{80_000, 4_000_000} {
		source := filepath.Join(b.TempDir(), "journal.db")
		memorySource(b, source, rows)
		for _, sink := range []string{"package", "database"} {
			b.Run(fmt.Sprintf("%s/%d", sink, rows), func(b *testing.B) {
				var peak int64
				for range b.N {
					c := exec.Command(os.Args[0], "-test.run=^TestExtractChild$")
					c.Env = append(os.Environ(), childEnv+"="+source, "UTDRAG_BENCH_CHILD_SINK="+sink, "UTDRAG_BENCH_CHILD_TARGET="+filepath.Join(b.TempDir(), "target"))
					if out, err := c.CombinedOutput(); err != nil {
						b.Fatalf("%v: %s", err, out)
					}
					peak = max(peak, int64(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss))
				}
				if runtime.GOOS != "darwin" { // kilobytes there, bytes here
					peak *= 1024
				}
				b.ReportMetric(float64(peak)/1e6, "peak-MB")
			})
		}
	}
}

func memorySource(b *testing.B, path string, rows int) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(fmt.Sprintf(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
CREATE TABLE Provider (Id INTEGER PRIMARY KEY, HsaId TEXT NOT NULL UNIQUE);
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, ProviderId INTEGER NOT NULL REFERENCES Provider, Started TEXT);
CREATE TABLE Note (Id INTEGER PRIMARY KEY, VisitId INTEGER NOT NULL REFERENCES Visit, Author TEXT, Body TEXT);
INSERT INTO Provider VALUES (1, 'P1'), (2, 'P2');
INSERT INTO Visit WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM s WHERE n < 1000) SELECT n, 1 + n %% 2, '2026-01-01' FROM s;
INSERT INTO Note WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM s WHERE n < %d) SELECT n, 1 + n %% 1000, 'Anna', hex(zeroblob(100)) FROM s;
COMMIT;`, rows)); err != nil {
		b.Fatal(err)
	}
}

func TestExtractChild(t *testing.T) {
	source := os.Getenv(childEnv)
	if source == "" {
		t.Skip("only BenchmarkPeakMemory runs this")
	}
	ctx := context.Background()
	s, err := Open(ctx, "sqlite:"+source)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c, err := s.Catalog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	m, found := schemamap.Parse("memory.hcl", []byte(memoryMap))
	if found.Refused() {
		t.Fatal(found)
	}
	p, found := plan.Build(m, c, filter.Request{Provider: "P1"})
	if found.Refused() {
		t.Fatal(found)
	}
	target := os.Getenv("UTDRAG_BENCH_CHILD_TARGET")
	sink := NewDatabase("sqlite:" + target)
	if os.Getenv("UTDRAG_BENCH_CHILD_SINK") == "package" {
		sink = NewPackage(target, PackageOptions{Recipients: recipients(t), Tool: "bench"})
	}
	if _, err := Run(ctx, p, s, sink, Options{}); err != nil {
		t.Fatal(err)
	}
}
