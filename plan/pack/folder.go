package pack

import (
	"os"

	"github.com/utdrag/utdrag/internal/durable"
)

// folder is a copy in plaintext in the making.
type folder struct {
	root            *os.Root
	temporary, path string
}

// CreateFolder starts a copy in plaintext: the entries of a package as files below path, which appears with mode 0700
// when the copy is committed, and never over something that is there. It is only for a user who asked for plaintext by
// name; the manifest says so. A killed process leaves what was written so far, in a folder .NAME.utdrag-partial-….
func CreateFolder(path string, info Info) (*Writer, error) {
	if err := info.check(); err != nil {
		return nil, err
	}
	path, err := absent(path)
	if err != nil {
		return nil, err
	}
	f := &folder{path: path, temporary: durable.Partial(path)}
	if err := os.Mkdir(f.temporary, 0o700); err != nil {
		return nil, disk("making the folder", err)
	}
	if f.root, err = os.OpenRoot(f.temporary); err != nil {
		_ = os.Remove(f.temporary)
		return nil, disk("making the folder", err)
	}
	w := &Writer{partSize: writtenPart, folder: f, manifest: Manifest{
		Format: Format, Info: info, Plaintext: true, Compression: None, Recipients: []string{}, Tables: []Content{},
	}}
	if err := w.add(readmeName, readme(None, w.manifest.Engine)); err != nil {
		w.Abort()
		return nil, err
	}
	return w, nil
}

func (f *folder) commit() error {
	_ = f.root.Close()
	return nameFolder(f.temporary, f.path)
}

func (f *folder) abort() {
	_ = f.root.Close()
	_ = os.RemoveAll(f.temporary)
}
