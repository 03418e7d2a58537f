package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Help texts are part of what the program promises: a change of one shows in a diff.
func TestHelp(t *testing.T) {
	commands := [][]string{{}}
	var below func(*cobra.Command, []string)
	below = func(c *cobra.Command, path []string) {
		for _, next := range c.Commands() {
			name := append(append([]string{}, path...), next.Name())
			commands = append(commands, name)
			below(next, name)
		}
	}
	below(newRoot(newUI(nil, &bytes.Buffer{}, &bytes.Buffer{})), nil)
	for _, path := range commands {
		name := strings.Join(append([]string{"utdrag"}, path...), "-")
		t.Run(name, func(t *testing.T) {
			var out, messages bytes.Buffer
			if code := Do(append(path, "--help"), strings.NewReader(""), &out, &messages); code != exitDone {
				t.Errorf("exit code %d", code)
			}
			if messages.Len() > 0 {
				t.Errorf("standard error: %s", messages.String())
			}
			golden(t, filepath.Join("testdata", "help", name+".txt"), out.Bytes())
			for line := range strings.Lines(out.String()) {
				if strings.HasPrefix(name, "utdrag-completion") {
					break // cobra's own
				}
				if len([]rune(line)) > 132 {
					t.Errorf("a line is too wide for a terminal: %s", line)
				}
			}
		})
	}
}

// Every command of our own says what comes out and which exit codes it has.
func TestHelpTeaches(t *testing.T) {
	for _, c := range newRoot(newUI(nil, &bytes.Buffer{}, &bytes.Buffer{})).Commands() {
		switch c.Name() {
		case "completion", "help", "version", "map":
			continue
		}
		for _, want := range []string{"What comes out", "Exit codes"} {
			if !strings.Contains(c.Long, want) {
				t.Errorf("%s: the help text lacks %q", c.Name(), want)
			}
		}
		if c.Example == "" {
			t.Errorf("%s has no example", c.Name())
		}
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run the test with -update and look at the diff. Got:\n%s", file, got)
	}
}
