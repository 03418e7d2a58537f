package deliver

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/utdrag/utdrag/internal/durable"
	"github.com/utdrag/utdrag/plan/deliver/disclosure"
	"github.com/utdrag/utdrag/plan/deliver/order"
)

// errLocked tells who holds a lock.
type errLocked struct{ holder string }

func (e errLocked) Error() string { return "held by " + e.holder }

// Ids of orders begin with a letter or digit, so names that begin otherwise are nobody's.
const folderLock = "_folder.lock"

// lock takes the lock of a file in the state's folder, and writes who holds it into the file. The file stays when the lock is
// given back: one that is removed could be held by two.
func lock(folder, name string, now time.Time) (release func(), err error) {
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, external(codeStateDisk, "", err, "the folder for the orders' states can't be made")
	}
	f, err := os.OpenFile(filepath.Join(folder, name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, external(codeStateDisk, "", err, "a lock can't be taken")
	}
	if err := itself(f); err != nil {
		_ = f.Close()
		return nil, external(codeStateDisk, "remove it, and find out who put it there", err, "a lock can't be taken")
	}
	ok, err := durable.TryLock(f, true)
	if err != nil {
		_ = f.Close()
		return nil, external(codeStateDisk, "keep orders on a file system that has locks", err, "a lock can't be taken")
	}
	if !ok {
		text, _ := io.ReadAll(io.LimitReader(f, 400))
		_ = f.Close()
		return nil, errLocked{holderOf(string(text))}
	}
	text := []byte(holder(now) + "\n")
	if err := errors.Join(f.Truncate(0), write(f, text)); err != nil {
		_ = f.Close()
		return nil, external(codeStateDisk, "", err, "a lock can't be taken")
	}
	return func() { _ = f.Truncate(0); _ = f.Close() }, nil
}

var errNoLock = errors.New("what has its name is no file of its own")

// itself refuses a link: what it leads to would be emptied.
func itself(f *os.File) error {
	named, err := os.Lstat(f.Name())
	if err != nil {
		return err
	}
	held, err := f.Stat()
	if err != nil {
		return err
	}
	if !named.Mode().IsRegular() || !os.SameFile(named, held) {
		return errNoLock
	}
	return nil
}

func write(f *os.File, text []byte) error {
	_, err := f.WriteAt(text, 0)
	return err
}

// holder is who we are, for whoever finds the lock taken.
func holder(now time.Time) string {
	who := "somebody"
	if a, err := disclosure.CurrentActor(); err == nil {
		who = a.User + " on " + a.Host
	}
	return fmt.Sprintf("%s, process %d, since %s", who, os.Getpid(), now.UTC().Format(time.RFC3339))
}

var plainHolder = regexp.MustCompile(`^[^\pC]{1,300}$`)

func holderOf(text string) string {
	if text = strings.TrimSuffix(text, "\n"); plainHolder.MatchString(text) {
		return text
	}
	return "another process"
}

// lockOrder takes the locks of one delivery: its order's, and its source's.
func lockOrder(o *order.Order, source string, now time.Time) (release func(), err error) {
	folder := stateFolder(o)
	mine, err := lock(folder, o.ID+".lock", now)
	if held, ok := err.(errLocked); ok {
		return nil, refused(codeOrderLocked, "wait until it is done", "the order %s is being delivered by %s", o.ID, held.holder)
	}
	if err != nil {
		return nil, err
	}
	sources, err := lock(folder, "_source-"+sourceMark(source)+".lock", now)
	if held, ok := err.(errLocked); ok {
		err = external(codeSourceBusy, "wait until it is done", nil, "the source is being read for another order by %s", held.holder)
	}
	if err != nil {
		mine()
		return nil, err
	}
	return func() { sources(); mine() }, nil
}

// standardPorts are those of a source whose URL names none.
var standardPorts = map[string]string{"postgres": "5432", "sqlserver": "1433"}

// sourceMark tells sources apart by where they are. It is made of nothing that lets somebody in: a hash of a password can be
// guessed.
func sourceMark(source string) string {
	place := source
	if path, ok := strings.CutPrefix(source, "sqlite:"); ok {
		if absolute, err := filepath.Abs(path); err == nil {
			path = absolute
		}
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		place = "sqlite:" + path
	} else if u, err := url.Parse(source); err == nil {
		engine, port := strings.Replace(u.Scheme, "postgresql", "postgres", 1), u.Port()
		if port == "" {
			port = standardPorts[engine]
		}
		place = strings.ToLower(engine + "://" + net.JoinHostPort(strings.TrimSuffix(u.Hostname(), "."), port) + u.Path + "?" + u.Query().Get("database"))
	} else {
		place = "other"
	}
	sum := sha256.Sum256([]byte(place))
	return hex.EncodeToString(sum[:8])
}
