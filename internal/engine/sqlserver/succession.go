package sqlserver

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine"
)

// succession replaces a database by renaming it away and the newer one to its name.
type succession struct {
	address                  *address // of the database to be replaced
	db                       *sql.DB
	conn                     *sql.Conn // in master; holds the lock against other runs
	final, incoming, earlier string
	terms                    engine.SwapTerms
	kept, swapped            bool
}

// newIncoming is a name for a database that is to replace the one named final.
func newIncoming(final string) string { return final + incomingPart + strings.ToLower(rand.Text()[:8]) }

// incomingPart stands between a database's name and the random end of an incoming one's. The end is another each time: the
// server calls a database's files by its first name, and they keep it.
const incomingPart = "_incoming_"

// Succeed begins to replace the copy in the database that a URL names. The newer one is made as NAME_incoming_…, and the older
// one is kept as NAME_previous.
//
// SQL Server has no transaction around renames. Between the two that Swap makes, a few milliseconds, there is no database of
// the name: a reader is refused then, and never finds a half one. A run that is killed right there leaves NAME_previous alone;
// the next one gives it its name back first. A database can be renamed when nobody uses it: Swap waits for sessions to end, or
// ends them and lets in nobody but owners and administrators meanwhile (RESTRICTED_USER). Nobody is let in alone (SINGLE_USER): the one
// who came first would be in the way, and couldn't be sent away. Users and permissions of the older database don't come along: give those of the server, such as CONNECT ANY
// DATABASE with SELECT ALL USER SECURABLES.
func Succeed(ctx context.Context, url string, terms engine.SwapTerms) (engine.Succession, error) {
	a, err := parse(url)
	if err != nil {
		return nil, err
	}
	s := &succession{address: a, terms: terms, final: a.database, earlier: a.database + "_previous",
		incoming: newIncoming(a.database)}
	switch strings.ToLower(s.final) {
	case "master", "model", "msdb", "tempdb":
		return nil, failure(codeReplace, diag.Misuse, "name another database", nil, "a database of the server's own can't be replaced")
	}
	if cut(s.incoming, 100) != s.incoming { // sysname has 128, of which names of files take some
		return nil, failure(codeReplace, diag.Misuse, "name another database", nil, "the target database's name is too long for one that is replaced")
	}
	if s.db, err = a.open("master"); err != nil {
		return nil, err
	}
	if s.conn, err = session(ctx, s.db); err == nil {
		err = s.begin(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.hangUp())
	}
	return s, nil
}

func (s *succession) begin(ctx context.Context) error {
	var answer int
	err := s.conn.QueryRowContext(ctx, `DECLARE @answer int;
DECLARE @name nvarchar(255) = N'utdrag replaces ' + @p1;
EXEC @answer = sp_getapplock @Resource = @name, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0;
SELECT @answer`, s.final).Scan(&answer)
	if err != nil {
		return wrap(ctx, err, "locking the target database")
	}
	if answer < 0 {
		return failure(codeBusy, diag.External, "wait for it to end", nil, "another run is replacing the target database")
	}
	if err := s.unlock(ctx); err != nil {
		return err
	}
	if err := s.mend(ctx); err != nil {
		return err
	}
	if err := s.replaceable(ctx, s.final, s.earlier); err != nil {
		return err
	}
	return s.clear(ctx)
}

// mend gives the older copy its name back where a run was killed between the two renames.
func (s *succession) mend(ctx context.Context) error {
	final, err := s.exists(ctx, s.final)
	if err != nil || final {
		return err
	}
	earlier, err := s.exists(ctx, s.earlier)
	if err != nil || !earlier {
		return err
	}
	if err := s.replaceable(ctx, s.earlier); err != nil {
		return err
	}
	return wrap(ctx, s.rename(ctx, s.earlier, s.final, false), "giving the earlier copy its name back")
}

// unlock opens copies of ours to everybody that a run had closed when it was killed.
func (s *succession) unlock(ctx context.Context) error {
	for _, name := range []string{s.final, s.earlier} {
		var closed int
		if err := s.conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM sys.databases WHERE name = @p1 AND user_access <> 0", name).Scan(&closed); err != nil {
			return wrap(ctx, err, "looking for a database")
		}
		if closed == 0 {
			continue
		}
		if err := s.replaceable(ctx, name); err != nil {
			return err
		}
		if err := batch(ctx, s.conn, "ALTER DATABASE "+quote(name)+" SET MULTI_USER"); err != nil {
			return wrap(ctx, err, "opening the earlier copy to everybody")
		}
	}
	return nil
}

func (s *succession) exists(ctx context.Context, name string) (there bool, err error) {
	err = s.conn.QueryRowContext(ctx, "SELECT CONVERT(bit, CASE WHEN DB_ID(@p1) IS NULL THEN 0 ELSE 1 END)", name).Scan(&there)
	return there, wrap(ctx, err, "looking for a database")
}

// holds counts the tables of a database.
func (s *succession) holds(ctx context.Context, name, condition string) (count int, err error) {
	db, err := s.address.open(name)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	conn, err := session(ctx, db)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	err = one(ctx, conn, "SELECT COUNT(*) FROM sys.tables o WHERE o.is_ms_shipped = 0 AND "+condition, &count)
	return count, wrap(ctx, err, "looking at a database")
}

// replaceable refuses databases that are there and no copies of ours.
func (s *succession) replaceable(ctx context.Context, names ...string) error {
	for _, name := range names {
		there, err := s.exists(ctx, name)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		marks, err := s.holds(ctx, name, "o.name = '"+engine.CopyMark+"'")
		if err != nil {
			return err
		}
		if marks == 0 {
			return failure(codeReplace, diag.Misuse, "name another database, or rename it", nil, "database %s is no copy that utdrag made, and isn't replaced", quote(name))
		}
	}
	return nil
}

// clear drops what killed runs left: databases of an incoming one's name with a mark of ours, or without tables.
func (s *succession) clear(ctx context.Context) error {
	rows, err := s.conn.QueryContext(ctx, "SELECT name FROM sys.databases WHERE LEFT(name, LEN(@p1)) = @p1 AND LEN(name) = LEN(@p1) + 8", s.final+incomingPart)
	if err != nil {
		return wrap(ctx, err, "looking for what an earlier run left")
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return wrap(ctx, err, "looking for what an earlier run left")
		}
		names = append(names, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return wrap(ctx, err, "looking for what an earlier run left")
	}
	for _, name := range names {
		all, err := s.holds(ctx, name, "1 = 1")
		if err != nil {
			return err
		}
		marks, err := s.holds(ctx, name, "o.name IN ('"+engine.CopyMark+"', '"+markName+"')")
		if err != nil {
			return err
		}
		if all > 0 && marks == 0 {
			continue // nobody's business
		}
		if err := s.drop(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// drop drops a database. The server takes a moment to notice that sessions have ended.
func (s *succession) drop(ctx context.Context, name string) error {
	for deadline := time.Now().Add(10 * time.Second); ; {
		err := dropDatabase(s.address, name)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		if err := s.pause(ctx); err != nil {
			return err
		}
	}
}

func (s *succession) pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return wrap(ctx, ctx.Err(), "replacing the target database")
	case <-time.After(200 * time.Millisecond):
		return nil
	}
}

func (s *succession) Incoming() string { return s.address.dsn(s.incoming) }

func (s *succession) Previous() string {
	if !s.kept {
		return ""
	}
	return s.earlier
}

// Swap renames the older copy, and then the newer one.
func (s *succession) Swap(ctx context.Context) error {
	there, err := s.exists(ctx, s.final)
	if err != nil {
		return err
	}
	if there {
		if err := s.replaceable(ctx, s.final, s.earlier); err != nil { // again: a load takes hours
			return err
		}
	}
	// Nobody may use the newer one, or its name couldn't be changed in the moment when there is no other. The server takes a
	// while to notice that those who loaded it are gone.
	free := newIncoming(s.final)
	if err := s.move(ctx, s.incoming, free, false); err != nil {
		return err
	}
	s.incoming = free
	if there {
		if err := s.discard(ctx); err != nil {
			return err
		}
		if err := s.move(ctx, s.final, s.earlier, s.terms.Disconnect); err != nil {
			return err
		}
		s.kept = true
	}
	// From here to the end nothing waits for the caller: there is no database of the name.
	if err := s.rename(context.WithoutCancel(ctx), s.incoming, s.final, false); err != nil {
		if there {
			err = errors.Join(err, s.rename(context.WithoutCancel(ctx), s.earlier, s.final, false), s.open(context.WithoutCancel(ctx), s.final))
			s.kept = false
		}
		return wrap(ctx, err, "giving the new copy its name")
	}
	s.swapped = true
	if there {
		return wrap(ctx, s.open(context.WithoutCancel(ctx), s.earlier), "opening the earlier copy to everybody")
	}
	return nil
}

// discard drops the copy before the older one.
func (s *succession) discard(ctx context.Context) error {
	there, err := s.exists(ctx, s.earlier)
	if err == nil && there && s.terms.Disconnect {
		err = batch(ctx, s.conn, restrict(s.earlier))
	}
	if err != nil {
		return wrap(ctx, err, "ending the sessions of the copy before")
	}
	return s.drop(ctx, s.earlier)
}

// move renames a database when nobody uses it.
func (s *succession) move(ctx context.Context, from, to string, disconnect bool) error {
	reopen := func(err error) error {
		if !disconnect {
			return err
		}
		return errors.Join(err, s.open(context.WithoutCancel(ctx), from))
	}
	for deadline := time.Now().Add(max(s.terms.Patience, 10*time.Second)); ; {
		err := s.rename(ctx, from, to, disconnect)
		if err == nil {
			return nil
		}
		said, ok := serverSaid(err)
		// 5030, 5061, 5064: it can't be locked exclusively; 5070 and 1205: others are at it, too.
		if !ok || said.Number != 5030 && said.Number != 5061 && said.Number != 5064 && said.Number != 5070 && said.Number != 1205 && said.Number < 1<<24 {
			return reopen(wrap(ctx, err, "renaming a database"))
		}
		if time.Now().After(deadline) {
			return reopen(failure(codeBusy, diag.External, "have them end, allow more time with --wait, or end them with --disconnect", nil,
				"other sessions use the database that is to be replaced"))
		}
		if err := s.pause(ctx); err != nil {
			return reopen(err)
		}
	}
}

// rename does so over a session of its own: one that has looked into the database may count as its user. Who is sent away hasn't the
// time to come back before the name is gone.
func (s *succession) rename(ctx context.Context, from, to string, disconnect bool) error {
	conn, err := session(ctx, s.db)
	if err != nil {
		return err
	}
	defer conn.Close()
	statement := "ALTER DATABASE " + quote(from) + " MODIFY NAME = " + quote(to)
	if disconnect {
		statement = restrict(from) + ";\n" + statement
	}
	return batch(ctx, conn, statement)
}

// restrict ends the sessions that use a database, and lets in nobody but owners and administrators.
func restrict(name string) string {
	return "ALTER DATABASE " + quote(name) + " SET RESTRICTED_USER WITH ROLLBACK IMMEDIATE"
}

// open lets everybody into a database again that was restricted.
func (s *succession) open(ctx context.Context, name string) error {
	if !s.terms.Disconnect {
		return nil
	}
	return batch(ctx, s.conn, "ALTER DATABASE "+quote(name)+" SET MULTI_USER")
}

// Close drops what was not swapped in, and gives the lock back.
func (s *succession) Close() error {
	if s.swapped {
		return s.hangUp()
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	return errors.Join(s.drop(ctx, s.incoming), s.hangUp())
}

func (s *succession) hangUp() error {
	if s.conn != nil {
		s.conn.Close()
	}
	return s.db.Close()
}
