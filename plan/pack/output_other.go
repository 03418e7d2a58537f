//go:build !linux

package pack

import (
	"errors"
	"os"
)

func openUnnamed(string) (*os.File, bool) { return nil, false }

func linkUnnamed(*os.File, string) error { return errors.ErrUnsupported }

func renameNew(from, to string) error { return renameNewPortably(from, to) }
