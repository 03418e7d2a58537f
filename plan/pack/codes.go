package pack

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/utdrag/utdrag/filter/diag"
)

// The codes of this package. Each is given out in one meaning for ever.
const (
	codeKeyFile     = "UK001" // a key file can't be read as one
	codeKeyPrivate  = "UK002" // a private key where a public one is expected
	codeKeyChoice   = "UK003" // several keys in the file, or the chosen one isn't there
	codeKeyExpired  = "UK004" // the key, or every subkey for the purpose, has expired
	codeKeyRevoked  = "UK005" // the key was revoked
	codeKeyUnfit    = "UK006" // no subkey for the purpose
	codeKeyWeak     = "UK007" // too short, or an algorithm that no longer holds
	codePassphrase  = "UK008" // a locked private key wasn't unlocked
	codeNoRecipient = "UK009" // nobody to seal for
	codeExists      = "UK010" // what was to be made exists
	codeDisk        = "UK011" // reading or writing failed
	codeOrder       = "UK012" // calls in the wrong order, or content that has no place in a package
	codeInfo        = "UK013" // what the manifest needs to know wasn't given
	codeCellForm    = "UK020" // a cell's form doesn't belong in its column
	codeCellText    = "UK021" // text that isn't UTF-8, or holds NUL
	codeCellLarge   = "UK022" // a large cell couldn't be read, or isn't as large as announced
	codeRow         = "UK023" // a row with too many or too few cells
	codeTable       = "UK024" // a table that can't be described
	codeNoKey       = "UK030" // none of the keys opens it
	codeDamaged     = "UK031" // cut off, altered, or not sealed by OpenPGP
	codeEntry       = "UK032" // an entry that doesn't belong in a package
	codeManifest    = "UK033" // the manifest is missing or breaks its own rules
	codeVersion     = "UK034" // made by a version with another format
	codeMismatch    = "UK035" // the content isn't what the manifest says
	codeLimit       = "UK036" // larger than the reader allows
	codeSignature   = "UK037" // the demanded signature is missing or doesn't hold
	codeData        = "UK038" // a table's data isn't in the form that packages have
	codeScript      = "UK039" // a table that the load script can't load
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
	return failure(codeDisk, diag.External, "", err, "%s", what)
}
