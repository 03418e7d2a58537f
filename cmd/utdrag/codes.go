package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
)

// The codes of what the command line itself refuses. They are stable.
const (
	codeUsage     = "UA001" // unknown commands and flags, and flags that don't go together
	codeMissing   = "UA002" // flags or arguments that must be there
	codeInput     = "UA003" // a file that can't be read
	codeExists    = "UA004" // an output that is there already
	codeOutput    = "UA005" // an output that can't be written
	codeSame      = "UA006" // an output that is also an input
	codeMaskKey   = "UA007" // a masking key that can't be used
	codePhrase    = "UA008" // a passphrase that can't be had
	codeDrift     = "UA009" // the database is not what its catalog file says
	codeDemo      = "UA010" // the demonstration came out otherwise than it must
	codeRecipient = "UA011" // a package without a recipient
	codePassword  = "UA012" // a password on the command line
	codeTimeout   = "UA013" // a query that took too long

	codeCertificate = "UA014" // a client certificate that can't be used
)

// The exit codes.
const (
	exitDone     = 0
	exitRefused  = 1
	exitMisuse   = 2
	exitExternal = 3
)

func misuse(code, advice, format string, args ...any) error {
	return &diag.Error{Code: code, Class: diag.Misuse, Message: fmt.Sprintf(format, args...), Advice: advice}
}

// refusals begins the codes by which a query is refused.
const refusals = "UR"

// exitCode is the exit code of an error. Where several were joined, the first is the reason and the others came of it.
// An error that nobody classified is taken for a failure from outside.
func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	switch e := leaves(err)[0].(type) {
	case diag.List:
		if strings.HasPrefix(diag.CodeOf(e), refusals) {
			return exitRefused
		}
		return exitMisuse
	case *diag.Error:
		switch e.Class {
		case diag.Refused:
			return exitRefused
		case diag.Misuse:
			return exitMisuse
		}
	}
	return exitExternal
}

// leaves takes joined errors apart, and unwraps what has a code of its own.
func leaves(err error) []error {
	if err == nil {
		return nil
	}
	switch e := err.(type) {
	case diag.List, *diag.Error:
		return []error{err}
	case interface{ Unwrap() []error }:
		var all []error
		for _, one := range e.Unwrap() {
			all = append(all, leaves(one)...)
		}
		if len(all) > 0 {
			return all
		}
		return []error{err}
	}
	if inner := errors.Unwrap(err); inner != nil && diag.CodeOf(inner) != "" {
		return leaves(inner)
	}
	return []error{err}
}
