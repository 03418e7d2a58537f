package sink

import (
	"context"
	"errors"
	"fmt"

	"github.com/utdrag/utdrag/filter/diag"
)

// The codes of this package. Each is given out in one meaning for ever.
const (
	codeName        = "UD301" // a name that a package can't have
	codeSettings    = "UD302" // settings missing or contradicting each other
	codeSource      = "UD303" // the content isn't what was announced
	codeHostUnknown = "UD310" // the host isn't in known_hosts
	codeHostChanged = "UD311" // the host shows another key than the pinned one
	codeHostRevoked = "UD312" // the host shows a key that known_hosts revokes
	codeHostWeak    = "UD313" // the host's key is too short
	codeAlgorithms  = "UD314" // the server offers no algorithm that is good enough
	codeKeyFile     = "UD320" // a key file that can't be used
	codePassphrase  = "UD321" // a locked key file wasn't unlocked
	codeAgent       = "UD322" // the agent can't be reached or lacks the key
	codeAuth        = "UD323" // the server let us in by none of the ways
	codePrompt      = "UD324" // the server asks for something other than the password
	codeConnect     = "UD330" // the server couldn't be reached
	codeLost        = "UD331" // the connection broke
	codeStalled     = "UD332" // the server didn't answer in time
	codeProtocol    = "UD333" // the server doesn't speak SSH with SFTP
	codeCanceled    = "UD334" // called off
	codeTaken       = "UD340" // the name holds something else
	codeFolder      = "UD341" // the folder isn't there
	codeDenied      = "UD342" // permission denied
	codeFull        = "UD343" // no room
	codeServer      = "UD344" // the server refused without saying why
	codeAltered     = "UD345" // what was kept isn't what was sent
	codeUnread      = "UD346" // reading back was demanded and isn't allowed
	codeOvertaken   = "UD347" // another run took over the unfinished file
	codeReceipt     = "UD348" // a receipt that isn't one of ours
	codeListing     = "UD349" // the folder's listing doesn't come to an end
	codeDisk        = "UD350" // a local disk failed
	codeStart       = "UD351" // the command couldn't be started
	codeExit        = "UD352" // the command failed
	codeUntaken     = "UD353" // the command stopped reading before the end
	codeMissing     = "UD360" // no package of that name
	codeChanged     = "UD361" // the package isn't what it was, or what its receipt says
)

// What the causes of errors are told apart by. They replace what servers and libraries said, which may quote anything.
var (
	errTransient   = errors.New("the line failed")
	errUnsupported = errors.New("not supported")
	errFailure     = errors.New("failed without a reason given")
	errEndless     = errors.New("too long")
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

// external has a cause that is one of this package's or the standard library's plain errors.
func external(code, advice string, cause error, format string, args ...any) error {
	return failure(code, diag.External, advice, cause, format, args...)
}

// canceled tells what the context's end stopped. It wraps the context's error.
func canceled(ctx context.Context, what string) error {
	return external(codeCanceled, "run it again; what is unfinished has no final name", ctx.Err(), "%s was called off", what)
}

func transient(err error) bool { return errors.Is(err, errTransient) }
