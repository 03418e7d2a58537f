//go:build unix

package deliver

import (
	"os"
)

// unnamedFile makes a file that vanishes with the process: its name is taken away before anything is written.
func unnamedFile(folder string) (*os.File, string, error) {
	f, err := os.CreateTemp(folder, ".utdrag-spool-*") // of mode 0600
	if err != nil {
		return nil, "", err
	}
	if err := os.Remove(f.Name()); err != nil {
		_ = f.Close()
		return nil, "", err
	}
	return f, "", nil
}
