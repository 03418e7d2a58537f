//go:build unix

package disclosure

import (
	"os"

	"golang.org/x/sys/unix"
)

// openPlain opens a file that exists and isn't a symbolic link. A pipe doesn't make it wait.
func openPlain(path string, flags int) (*os.File, error) {
	return os.OpenFile(path, flags|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
}

// openToAll reports whether others than the owner and its group may write to it.
func openToAll(info os.FileInfo) bool { return info.Mode().Perm()&0o002 != 0 }
