// Package sshtest starts SFTP servers on the loopback interface, for tests alone: OpenSSH's real one ([Start]), one inside the
// test that misbehaves on demand ([StartFaulty]), and a line between that breaks ([Cut]).
package sshtest
