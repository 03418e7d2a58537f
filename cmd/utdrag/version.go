package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the module's version as the Go tool recorded it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// tool names this program in manifests.
func tool() string { return "utdrag " + version() }

func newVersion(u *ui) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the version",
		Long:  "Version prints the program's version, Go's, and the platform.",
		Args:  exactly(0, ""),
		Run: func(*cobra.Command, []string) {
			u.print("%s %s %s/%s\n", tool(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		},
	}
}
