package pack

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/utdrag/utdrag/internal/durable"
)

// createOutput begins the package's file.
func createOutput(path string) (*durable.File, error) {
	f, err := durable.Create(path, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, taken(path)
	}
	return f, disk("making the package", err)
}

func taken(path string) error {
	return misuse(codeExists, "choose another name, or move away what is there", "%s exists", filepath.Base(path))
}

// absent refuses a place for a folder that is taken, and makes its path absolute.
func absent(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", disk("finding the folder", err)
	}
	if _, err := os.Lstat(path); err == nil {
		return "", taken(path)
	}
	return path, nil
}

// nameFolder gives a finished folder its name, or removes it.
func nameFolder(temporary, path string) error {
	err := durable.RenameNew(temporary, path)
	if err != nil {
		_ = os.RemoveAll(temporary)
	} else {
		err = durable.SyncFolder(filepath.Dir(path))
	}
	return disk("giving the folder its name", err)
}
