//go:build !linux

package durable

import (
	"errors"
	"io/fs"
	"os"
)

// Only Linux gives a name to a file that has none.
func openUnnamed(string, fs.FileMode) (*os.File, bool) { return nil, false }

func linkUnnamed(*os.File, string) error { return errors.ErrUnsupported }

func renameNew(from, to string) error { return renameNewPortably(from, to) }
