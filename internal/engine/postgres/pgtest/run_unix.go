//go:build unix

package pgtest

import (
	"os/exec"
	"syscall"
)

// asServer makes a command run as the server's user, and apart from the signals that a terminal sends to the tests.
func asServer(cmd *exec.Cmd) error {
	id, err := runAs()
	if err != nil {
		return err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if id != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(id.uid), Gid: uint32(id.gid)}
	}
	return nil
}
