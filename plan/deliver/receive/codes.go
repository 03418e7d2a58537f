package receive

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/utdrag/utdrag/filter/diag"
)

// The codes of this package. Each is given out in one meaning for ever.
const (
	codeUsage     = "UD501" // a setting that must be there is missing, or contradicts another
	codeNothing   = "UD502" // there is no package to receive
	codeSpool     = "UD503" // the ciphertext can't be kept
	codeFile      = "UD504" // the package's file can't be read
	codeState     = "UD510" // the state can't be read or written
	codeCorrupt   = "UD511" // the state isn't as it was written
	codeBusy      = "UD512" // another run uses the state
	codeProvider  = "UD520" // the package is another provider's
	codeOrder     = "UD521" // the package answers another order
	codeAddressee = "UD522" // the manifest says that it was sealed for others, or signed by others
	codeUndated   = "UD523" // the package doesn't say when it was made
	codeFuture    = "UD524" // the package bears a time that hasn't come
	codeReplay    = "UD525" // the package was received before
	codeOlder     = "UD526" // a newer one was received
	codeSetBack   = "UD527" // the sender's clock and its log's numbers contradict each other
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

// disk wraps what the file system said, without the path.
func disk(code, what string, err error) error {
	if err == nil || diag.CodeOf(err) != "" {
		return err
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		err = e.Err
	}
	return failure(code, diag.External, "", err, "%s", what)
}
