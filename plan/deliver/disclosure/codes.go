package disclosure

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/utdrag/utdrag/filter/diag"
)

// The codes of this package. Each is given out in one meaning for ever.
const (
	// What verify finds in a log.
	codeUnreadable  = "UD201" // a line isn't a record
	codeUnknown     = "UD202" // a record has a member that this version doesn't know
	codeForm        = "UD203" // a record isn't written in the canonical form
	codeField       = "UD204" // a field breaks its rule
	codePersonal    = "UD205" // a text looks as if it held a person's number
	codeLong        = "UD206" // a free text, a list or a line is too long
	codeChain       = "UD207" // a record doesn't follow the one before it
	codeMissing     = "UD208" // records are missing
	codeTwice       = "UD209" // two records have the same number
	codeMoved       = "UD210" // a record stands after one with a higher number
	codeForeign     = "UD211" // a record or anchor belongs to another log
	codeSignature   = "UD212" // a signature doesn't hold
	codeSigner      = "UD213" // signed by a key that isn't among the trusted ones
	codeFirst       = "UD214" // the log doesn't begin with its first record
	codeTorn        = "UD215" // the last line isn't whole
	codeCut         = "UD216" // the log ends before its anchor does
	codeAnchor      = "UD217" // an anchor can't be read, or doesn't fit the record that it names
	codeNoAnchor    = "UD218" // no anchor to hold the end against
	codeBehind      = "UD219" // the anchor is older than one record
	codeUnanchored  = "UD220" // the last record isn't anchored yet: a warning
	codeClock       = "UD221" // the clock went back: a warning
	codeClockHidden = "UD222" // the clock went back and the record doesn't say so, or says so without cause
	codeMore        = "UD223" // more was found than is listed

	// What stops a writer.
	codeExists      = "UD230" // a log, an anchor or a torn piece of that name exists
	codeAbsent      = "UD231" // there is no log of that name
	codeBusy        = "UD232" // another process holds the log
	codeDisk        = "UD233" // reading or writing failed
	codeOpenToAll   = "UD234" // not a plain file, or others may write to it
	codeReplaced    = "UD235" // the file was replaced while it was waited for
	codeHalfDone    = "UD236" // the record is in the log, and its anchor wasn't written
	codeSign        = "UD237" // the key can't sign now
	codeInterrupted = "UD238" // a repair was begun and not finished
	codeNoRepair    = "UD239" // nothing to repair, or not the trace of a crash
	codeCertificate = "UD240" // a client certificate that doesn't say who ran
	codeUsage       = "UD241" // something the call needs wasn't given
	codeActor       = "UD242" // the operating system doesn't say who runs this
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

// disk wraps what the file system said. An error that has a code passes unchanged.
func disk(what string, err error) error {
	if err == nil || diag.CodeOf(err) != "" {
		return err
	}
	if errors.Is(err, fs.ErrExist) {
		return failure(codeExists, diag.Misuse, "choose another name, or move away what is there", err, "%s", what)
	}
	return failure(codeDisk, diag.External, "nothing may be disclosed until the log can be written", err, "%s", what)
}
