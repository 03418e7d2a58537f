//go:build unix

package deliver

import "golang.org/x/sys/unix"

func makePipe(path string) bool { return unix.Mkfifo(path, 0o600) == nil }
