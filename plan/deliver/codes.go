package deliver

import (
	"errors"
	"fmt"

	"github.com/utdrag/utdrag/filter/diag"
)

// The codes of this package. Each is given out in one meaning for ever.
const (
	codeOptions      = "UD401" // what the call needs wasn't given
	codeState        = "UD402" // an order's state can't be understood
	codeStateDisk    = "UD403" // an order's state or a lock can't be read or written
	codeFolderLocked = "UD404" // another process runs the orders of this folder
	codeOrderLocked  = "UD405" // another process delivers this order
	codeSourceBusy   = "UD406" // another delivery reads the source
	codeClock        = "UD407" // the clock is behind the last delivery
	codeHeld         = "UD408" // a table changed by more than the order allows
	codeConfirm      = "UD409" // what was confirmed isn't what is held
	codeHoldTable    = "UD410" // the order bounds a table that isn't copied
	codeMaskingKey   = "UD411" // the masks need a key and the order names none, or one that can't be used
	codeSpool        = "UD412" // the spool's folder or disk failed
	codeMap          = "UD413" // the map can't be read
	codeUnlogged     = "UD414" // delivered, and the log or the state doesn't say so
	codeInterrupted  = "UD415" // an earlier delivery was killed before its end
	codeNoAgent      = "UD416" // the order logs in by an agent, and there is none
	codeUncoded      = "UD417" // in the log: what failed had no code of its own
	codeRecipient    = "UD418" // the recipient's key can't be read
	codeNobody       = "UD419" // the order has somebody asked for a secret, and nobody is there
)

func failure(code string, class diag.Class, advice string, cause error, format string, args ...any) error {
	return &diag.Error{Code: code, Class: class, Message: fmt.Sprintf(format, args...), Advice: advice, Err: cause}
}

func refused(code, advice, format string, args ...any) error {
	return failure(code, diag.Refused, advice, nil, format, args...)
}

func misuse(code, advice, format string, args ...any) error {
	return failure(code, diag.Misuse, advice, nil, format, args...)
}

func external(code, advice string, cause error, format string, args ...any) error {
	return failure(code, diag.External, advice, bare(cause), format, args...)
}

// ClassOf is whose move it is after an error of this package. Of joined errors the first is the reason, and the others came of it.
// What nobody classified failed from outside.
func ClassOf(err error) diag.Class {
	switch e := err.(type) {
	case diag.List:
		return diag.Misuse
	case *diag.Error:
		if e.Class != 0 {
			return e.Class
		}
		return diag.External
	case interface{ Unwrap() []error }:
		if all := e.Unwrap(); len(all) > 0 {
			return ClassOf(all[0])
		}
		return diag.External
	}
	if inner := errors.Unwrap(err); inner != nil {
		return ClassOf(inner)
	}
	return diag.External
}
