package sqlite

import (
	"context"
	"errors"
	"fmt"

	lib "modernc.org/sqlite/lib"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/internal/engine/sqlite/capi"
)

// The codes of this package's errors. They are stable.
const (
	codeURL        = "UE001" // the URL is no sqlite: URL
	codeMissing    = "UE002" // the source file is not there
	codeNotSQLite  = "UE003" // the file is no SQLite database, or a damaged one
	codeOpen       = "UE004" // the file can't be opened
	codeStatement  = "UE005" // a statement failed
	codeCanceled   = "UE006" // the caller gave up
	codeBusy       = "UE007" // another process holds the database
	codeEnded      = "UE008" // used after it was closed, committed, aborted or had failed
	codeVirtual    = "UE010" // a virtual table
	codeDefinition = "UE011" // a table's own text can't be read, or says something else than the PRAGMAs
	codeCollation  = "UE012" // a collation that only the application knows
	codeReference  = "UE013" // a foreign key without a table or key that it references
	codeCatalog    = "UE014" // names that no catalog can hold
	codeExists     = "UE020" // the target is there already
	codeTarget     = "UE021" // the target can't be made, written or made final
	codeFull       = "UE022" // the disk is full
	codeConstraint = "UE023" // a row breaks a constraint of the target
	codeForeign    = "UE024" // copied rows reference rows that were not copied
	codeReplace    = "UE026" // the file that a newer copy is to replace is none of ours, or can't be replaced
	codeLike       = "UE030" // a LIKE pattern that has no exact SQLite form
	codeType       = "UE031" // a type that SQLite has no name for
	codeLarge      = "UE032" // a large cell where only a small one can be
)

func failure(code string, class diag.Class, advice string, cause error, format string, args ...any) error {
	return &diag.Error{Code: code, Class: class, Message: fmt.Sprintf(format, args...), Advice: advice, Err: cause}
}

// wrap makes a coded error of what SQLite said while doing something, or returns nil.
func wrap(ctx context.Context, err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*diag.Error](err); ok {
		return err
	}
	text := fmt.Sprintf(doing, args...)
	if cause := ctx.Err(); cause != nil {
		return failure(codeCanceled, diag.External, "", context.Cause(ctx), "stopped while %s", text)
	}
	code, class, advice := codeStatement, diag.External, ""
	if e, ok := errors.AsType[*capi.Error](err); ok {
		switch e.Primary() {
		case lib.SQLITE_NOTADB, lib.SQLITE_CORRUPT:
			code, advice = codeNotSQLite, "check the file with the SQLite shell's PRAGMA integrity_check"
		case lib.SQLITE_FULL:
			code, advice = codeFull, "free space where the target is to be, which needs room for it twice"
		case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
			code, advice = codeBusy, "another process is writing to the database; try again, or read a copy"
		case lib.SQLITE_CANTOPEN, lib.SQLITE_PERM:
			code = codeOpen
		case lib.SQLITE_CONSTRAINT, lib.SQLITE_MISMATCH:
			code, class = codeConstraint, diag.Refused
		}
	}
	return failure(code, class, advice, err, "%s failed", text)
}
