package mysql

import (
	"fmt"

	"github.com/utdrag/utdrag/filter/diag"
)

// The codes of this package's errors. They are stable.
const (
	codeCopy = "UE401" // a copy, which is not made of this engine
	codeLike = "UE402" // a LIKE pattern that has no exact form
	codeType = "UE403" // a type that the server has no name for
)

func failure(code string, class diag.Class, advice string, cause error, format string, args ...any) error {
	return &diag.Error{Code: code, Class: class, Message: fmt.Sprintf(format, args...), Advice: advice, Err: cause}
}
