package disclosure

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files")

func showLog(t testing.TB) *Log {
	t.Helper()
	failed := startedFor(angso)
	failed.Outcome, failed.Code = Failed, "UK011"
	l := newTestLog(t, startedFor(tallmo), delivered(), refusal(), failed)
	f, err := os.OpenFile(l.path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString("{"); err != nil {
		t.Fatal(err)
	}
	l.options.Actor.Certificate = &Certificate{Subject: "CN=Åsa", HSAID: "SE5500000012-A1B2", SHA256: strings.Repeat("0", 64)}
	if _, err := l.Repair(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestShow(t *testing.T) {
	l := showLog(t)
	l.options.Now = func() time.Time { return start }
	if _, err := l.Append(t.Context(), refusal()); err != nil {
		t.Fatal(err)
	}
	text := read(t, l.path)
	var b bytes.Buffer
	if err := Show(&b, bytes.NewReader(text), Filter{}); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/show.golden"
	if *update {
		overwrite(t, golden, b.Bytes())
	}
	if want := read(t, golden); !bytes.Equal(want, b.Bytes()) {
		t.Errorf("got\n%s\nwant\n%s", &b, want)
	}
	var again bytes.Buffer
	if err := ShowJSON(&again, bytes.NewReader(text), Filter{}); err != nil || !bytes.Equal(again.Bytes(), text) {
		t.Error("the JSON isn't the log's lines", err)
	}
}

func TestFilter(t *testing.T) {
	text := read(t, showLog(t).path)
	n := linesOf(text)
	at := func(i int) time.Time { return start.Add(time.Duration(i) * 1001 * time.Millisecond) }
	for name, x := range map[string]struct {
		filter Filter
		want   []int
	}{
		"all":               {Filter{}, []int{0, 1, 2, 3, 4, 5}},
		"provider":          {Filter{Provider: tallmo}, []int{1, 2}},
		"order":             {Filter{Order: "order-1"}, []int{1, 4}},
		"both":              {Filter{Provider: angso, Order: "order-1"}, []int{4}},
		"from, within":      {Filter{From: at(3)}, []int{2, 3, 4, 5}},
		"to, not within":    {Filter{To: at(3)}, []int{0, 1}},
		"provider and time": {Filter{Provider: tallmo, From: at(3), To: at(9)}, []int{2}},
		"none":              {Filter{Provider: "SE5500000046-1000"}, nil},
	} {
		var got, want bytes.Buffer
		if err := ShowJSON(&got, bytes.NewReader(text), x.filter); err != nil {
			t.Fatal(err)
		}
		for _, i := range x.want {
			want.Write(n[i])
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%s: got\n%s", name, &got)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

// What isn't a log is not shown as one; what was before it is.
func TestShowRefuses(t *testing.T) {
	text := read(t, newTestLog(t, refusal()).path)
	for _, x := range []struct{ more, code string }{
		{"{", codeTorn}, {"x\n", codeUnreadable}, {strings.Repeat("x", maxLine+1) + "\n", codeLong},
	} {
		var b bytes.Buffer
		wantCode(t, ShowJSON(&b, strings.NewReader(string(text)+x.more), Filter{}), x.code)
		if !bytes.Equal(b.Bytes(), text) {
			t.Errorf("%q", b.String())
		}
	}
	wantCode(t, Show(full{}, bytes.NewReader(text), Filter{}), codeDisk)
}

// Whoever looks for a record sees them in order, stops where it wants to, and isn't kept from it by a torn line.
func TestRecords(t *testing.T) {
	l := newTestLog(t, startedFor(tallmo), delivered(), refusal())
	overwrite(t, l.path, append(read(t, l.path), "{"...))
	for _, enough := range []int{1, 3, 9} {
		var got []int64
		if err := l.Records(t.Context(), func(r *Record) bool {
			got = append(got, r.Sequence)
			return len(got) < enough
		}); err != nil {
			t.Fatal(err)
		}
		if want := []int64{1, 2, 3, 4}[:min(enough, 4)]; !slices.Equal(got, want) {
			t.Errorf("%d, want %d", got, want)
		}
	}
	overwrite(t, l.path, []byte("{}\n"))
	err := l.Records(t.Context(), func(*Record) bool { t.Error("that is no record"); return true })
	if err == nil {
		t.Error("what is no log was read")
	}
}
