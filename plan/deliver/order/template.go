package order

import (
	_ "embed"
	"io"

	"github.com/utdrag/utdrag/filter/diag"
)

//go:embed template.hcl
var templateText string

// Template writes an order to fill in: every field, with what it is for in English and what the form calls it in Swedish. Its
// blanks are refused until they are filled in.
func Template(w io.Writer) error {
	_, err := io.WriteString(w, templateText)
	return unwritten(err)
}

func unwritten(err error) error {
	if err == nil {
		return nil
	}
	return &diag.Error{Code: CodeDisk, Class: diag.External, Message: "the order can't be written out", Err: bare(err)}
}
