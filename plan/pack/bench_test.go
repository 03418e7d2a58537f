package pack

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/utdrag/utdrag/mask/value"
)

// visits looks like what is copied most: keys, times, codes, names, a note.
func visits(n int) data {
	r := rand.New(rand.NewPCG(1, 2))
	first := []string{"Anna", "Erik", "Lars", "Karin", "Åsa", "Björn", "Märta", "Nils", "Eva", "Göran"}
	last := []string{"Andersson", "Johansson", "Karlsson", "Öberg", "Lind", "Ström", "Nygård", "Sjöberg"}
	words := []string{"patienten", "återbesök", "utan", "anmärkning", "söker", "för", "hosta", "feber", "remiss", "till", "röntgen", "insatt", "på", "behandling", "kontroll", "om", "två", "veckor"}
	d := data{table: table("Visit", column("Id", value.Integer), column("PatientId", value.Integer), column("Start", value.Timestamp),
		column("Code", value.String), column("Name", value.String), column("Note", value.String), column("Price", value.Number), column("Paid", value.Boolean))}
	for i := range n {
		note := ""
		for range 5 + r.IntN(30) {
			note += words[r.IntN(len(words))] + " "
		}
		at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(3e8)) * time.Second / 100 * 60)
		row := []value.Value{value.NewInt(int64(i)), value.NewInt(int64(r.IntN(n/5 + 1))), value.NewTime(at.Format("2006-01-02T15:04:05")),
			value.NewText(fmt.Sprintf("%c%02d.%d", 'A'+r.IntN(26), r.IntN(100), r.IntN(10))),
			value.NewText(first[r.IntN(len(first))] + " " + last[r.IntN(len(last))]),
			value.NewText(note), value.NewDecimal(fmt.Sprintf("%d.%02d", r.IntN(2000), r.IntN(100))), value.NewBool(r.IntN(2) == 0)}
		if r.IntN(10) == 0 {
			row[5] = value.Value{}
		}
		d.rows = append(d.rows, row)
	}
	return d
}

// Rows a second and allocations a row, to CSV alone.
func BenchmarkEncode(b *testing.B) {
	d := visits(10000)
	n := 0
	buf := make([]byte, 0, PartSize+2*slack)
	e := newEncoder(d.table, false, buf, PartSize, func(p []byte) error { n += len(p); return nil })
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if err := e.row(d.rows[i%len(d.rows)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
	b.SetBytes(int64(n / max(i, 1)))
	b.ReportMetric(float64(i)/b.Elapsed().Seconds(), "rows/s")
}

// The whole way, from rows to a sealed stream: megabytes of CSV a second.
func BenchmarkPackage(b *testing.B) {
	anna, bo, cleo := keys(b)
	d := visits(20000)
	for _, c := range []Compression{Zstd, Gzip, None} {
		for _, to := range []struct {
			name string
			ring
		}{{"mdc", anna}, {"aead", cleo}} {
			for _, signer := range []*Secret{nil, bo.secret} {
				name := fmt.Sprintf("%s/%s/signed=%t", c, to.name, signer != nil)
				b.Run(name, func(b *testing.B) {
					rounds := 0
					w, err := NewWriter(io.Discard, Options{Info: testInfo("postgres"), Recipients: []*Recipient{to.recipient}, Signer: signer, Compression: c})
					if err != nil {
						b.Fatal(err)
					}
					tw, err := w.Table(d.table)
					if err != nil {
						b.Fatal(err)
					}
					for b.Loop() {
						for _, row := range d.rows {
							if err := tw.Write(row); err != nil {
								b.Fatal(err)
							}
						}
						rounds++
					}
					content, err := tw.Close("")
					if err != nil {
						b.Fatal(err)
					}
					sealed, err := w.Commit()
					if err != nil {
						b.Fatal(err)
					}
					b.SetBytes(content.Bytes / int64(rounds))
					b.ReportMetric(float64(content.Bytes)/float64(sealed.Size), "ratio")
					b.ReportMetric(float64(content.Rows)/b.Elapsed().Seconds(), "rows/s")
				})
			}
		}
	}
}

// Verifying and reading rows: megabytes of CSV a second.
func BenchmarkOpen(b *testing.B) {
	anna, _, _ := keys(b)
	d := visits(100000)
	file, sealed := packed(b, Options{Info: testInfo("postgres"), Recipients: []*Recipient{anna.recipient}}, []data{d})
	k := Keys{Secrets: []*Secret{anna.secret}}
	p, err := Open(bytes.NewReader(file), k, Limits{})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("verify", func(b *testing.B) {
		b.SetBytes(sealed.Manifest.Tables[0].Bytes)
		for b.Loop() {
			if _, _, err := Verify(bytes.NewReader(file), k, Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("rows", func(b *testing.B) {
		b.SetBytes(sealed.Manifest.Tables[0].Bytes)
		b.ReportAllocs()
		for b.Loop() {
			readBack(b, p, []data{d})
		}
	})
}

// What the compression's level was chosen by. The content is a table's CSV, and hex of noise.
func BenchmarkLevels(b *testing.B) {
	d := visits(60000)
	csv, err := encodeAll(d.table, false, PartSize, d.rows)
	if err != nil {
		b.Fatal(err)
	}
	hex, err := encodeAll(table("T", column("a", value.Binary)), false, PartSize, [][]value.Value{{noise(4 << 20)}})
	if err != nil {
		b.Fatal(err)
	}
	for what, parts := range map[string][][]byte{"csv": csv, "hex": hex} {
		run := func(name string, open func(w io.Writer) io.WriteCloser) {
			b.Run(what+"/"+name, func(b *testing.B) {
				var in, out int64
				for b.Loop() {
					counter := &narrow{room: 1 << 60}
					z := open(counter)
					in = 0
					for _, p := range parts {
						_, _ = z.Write(p)
						in += int64(len(p))
					}
					_ = z.Close()
					out = 1<<60 - int64(counter.room)
				}
				b.SetBytes(in)
				b.ReportMetric(float64(in)/float64(out), "ratio")
			})
		}
		for _, level := range []zstd.EncoderLevel{zstd.SpeedFastest, zstd.SpeedDefault, zstd.SpeedBetterCompression} {
			for _, window := range []int{1 << 20, 4 << 20} {
				for _, entropy := range []bool{false, true} {
					for _, n := range []int{1, 2} {
						run(fmt.Sprintf("zstd %s %dM entropy=%t threads=%d", level, window>>20, entropy, n), func(w io.Writer) io.WriteCloser {
							z, _ := zstd.NewWriter(w, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(n), zstd.WithWindowSize(window),
								zstd.WithLowerEncoderMem(true), zstd.WithAllLitEntropyCompression(entropy))
							return z
						})
					}
				}
			}
		}
		for _, level := range []int{1, 3, 5, 6} {
			run(fmt.Sprintf("gzip %d", level), func(w io.Writer) io.WriteCloser { z, _ := gzip.NewWriterLevel(w, level); return z })
		}
	}
}
