package pack

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// output is a file in the making. Its last name comes to it when it is whole and durable, and replaces nothing.
type output struct {
	f    *os.File
	path string
	// temporary is its name until then; "" where the system can do without.
	temporary string
}

func createOutput(path string) (*output, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, disk("finding the package's folder", err)
	}
	if _, err := os.Lstat(path); err == nil {
		return nil, misuse(codeExists, "choose another name, or move away what is there", "%s exists", filepath.Base(path))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, disk("making the package", err)
	}
	if f, ok := openUnnamed(filepath.Dir(path)); ok {
		return &output{f: f, path: path}, nil
	}
	return createNamed(path)
}

// createNamed is for systems and file systems without unnamed files. A killed process leaves what was sealed so far.
func createNamed(path string) (*output, error) {
	temporary := sibling(path)
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, disk("making the package", err)
	}
	return &output{f: f, path: path, temporary: temporary}, nil
}

// sibling is a name of its own in the same folder.
func sibling(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".utdrag-partial-"+rand.Text()[:12])
}

func (o *output) Write(p []byte) (int, error) { return o.f.Write(p) }

func (o *output) commit() error {
	err := o.f.Sync()
	if err == nil && o.temporary == "" {
		err = linkUnnamed(o.f, o.path)
	}
	if closing := o.f.Close(); err == nil {
		err = closing
	}
	if err == nil && o.temporary != "" {
		err = renameNew(o.temporary, o.path)
	}
	if err == nil {
		if err = syncFolder(filepath.Dir(o.path)); err != nil {
			_ = os.Remove(o.path)
		}
	}
	if err != nil && o.temporary != "" {
		_ = os.Remove(o.temporary)
	}
	return disk("giving the package its name", err)
}

func (o *output) abort() {
	_ = o.f.Close()
	if o.temporary != "" {
		_ = os.Remove(o.temporary)
	}
}
