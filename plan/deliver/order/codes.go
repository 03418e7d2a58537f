package order

import (
	"github.com/utdrag/utdrag/filter/diag"
)

// The codes of everything that orders are refused or remarked on for. They are stable: a code is never given another meaning.
const (
	CodeSyntax       = "UD101"
	CodeUnreadable   = "UD102"
	CodeUnknownBlock = "UD103"
	CodeUnknownName  = "UD104"
	CodeMissing      = "UD105"
	CodeWrongKind    = "UD106"
	CodeLabels       = "UD107"
	CodeTwice        = "UD108"
	CodeUnknownWord  = "UD109"
	CodeVersion      = "UD110"
	CodeText         = "UD111"
	CodeHSAID        = "UD112"
	CodeCheckDigit   = "UD113"
	CodeDate         = "UD114"
	CodeContact      = "UD115"
	CodeInterval     = "UD116"
	CodeZone         = "UD117"
	CodeSource       = "UD118"
	CodeSecret       = "UD119"
	CodeFingerprint  = "UD120"
	CodeDelivery     = "UD121"
	CodeHostKey      = "UD122"
	CodeLogin        = "UD123"
	CodeNumber       = "UD124"
	CodeDuration     = "UD125"
	CodeID           = "UD126"
	CodePath         = "UD127"
	CodeSecretLike   = "UD128"

	CodeDateAhead     = "UD130"
	CodeUnitElsewhere = "UD131"
	CodeUnitTwice     = "UD132"
	CodeSameID        = "UD133"
	CodeSameAccount   = "UD134"
	CodeSameFolder    = "UD135"
	CodeSameCommand   = "UD136"
	CodeSharedKey     = "UD137"
	CodeKeyFile       = "UD138"
	CodeKeyOther      = "UD139"
	CodeKeyExpired    = "UD140"
	CodeKeyRevoked    = "UD141"
	CodeKeyWeak       = "UD142"
	CodeKeyUnfit      = "UD143"
	CodeKeyPrivate    = "UD144"
	CodeKeyEnds       = "UD145"
	CodeKeyShort      = "UD146"
	CodeFileMissing   = "UD147"
	CodeUnlogged      = "UD148"

	CodeNotRegistered = "UD150"
	CodeNotItsUnit    = "UD151"
	CodeSourceFailed  = "UD152"

	CodeFolder  = "UD160"
	CodeAnswer  = "UD161"
	CodeNoValue = "UD162"
	CodeDisk    = "UD163"
)

// A Code is a diagnostic's code and what it means, in one line.
type Code struct {
	Code    string
	Meaning string
}

// Codes returns every code of this package, in order. Documentation and tests walk it.
func Codes() []Code {
	return []Code{
		{CodeSyntax, "the text is not HCL"},
		{CodeUnreadable, "the file is not UTF-8 text, too large, or nested too deeply to be an order"},
		{CodeUnknownBlock, "there is no block of that name here"},
		{CodeUnknownName, "there is no attribute of that name here"},
		{CodeMissing, "a field of the form is missing"},
		{CodeWrongKind, "an attribute holds another kind of value than it takes"},
		{CodeLabels, "a block has too few or too many labels"},
		{CodeTwice, "something that can be written once is written twice"},
		{CodeUnknownWord, "an attribute takes one of a few words, and this is not one of them"},
		{CodeVersion, "the order's version is not one that this program reads"},
		{CodeText, "a text is empty, too long or holds control characters"},
		{CodeHSAID, "an HSA-id is not of either form"},
		{CodeCheckDigit, "an organisation number's check digit is wrong (warning)"},
		{CodeDate, "a date or time of day can't be read"},
		{CodeContact, "a phone number or e-mail address can't be one"},
		{CodeInterval, "the interval is incomplete, contradicts itself or never comes"},
		{CodeZone, "the time zone is not known"},
		{CodeSource, "the source is not a database's URL or where to find one"},
		{CodeSecret, "a secret stands in the order, or where its place should be named"},
		{CodeFingerprint, "a key's fingerprint can't be one"},
		{CodeDelivery, "the delivery has no place, several, or one that can't be"},
		{CodeHostKey, "the server's host key is not pinned, or twice"},
		{CodeLogin, "there is no way to log in to the server, or several"},
		{CodeNumber, "a number is outside its bounds"},
		{CodeDuration, "a duration can't be read or is outside its bounds"},
		{CodeID, "an order's id is not a plain word"},
		{CodePath, "a file's name can't be one"},
		{CodeSecretLike, "a text looks as if it held a secret (warning)"},

		{CodeDateAhead, "the order is dated ahead of today"},
		{CodeUnitElsewhere, "a unit's HSA-id has another organisation number than the provider's (warning)"},
		{CodeUnitTwice, "a unit is named twice"},
		{CodeSameID, "two orders have the same id"},
		{CodeSameAccount, "two legal persons are given the same SFTP account"},
		{CodeSameFolder, "two legal persons are given the same folder, or one inside the other"},
		{CodeSameCommand, "two legal persons' deliveries run the same command (warning)"},
		{CodeSharedKey, "two legal persons are given the same key"},
		{CodeKeyFile, "the recipient's key can't be read"},
		{CodeKeyOther, "the key file doesn't hold the key with the fingerprint"},
		{CodeKeyExpired, "the recipient's key has expired"},
		{CodeKeyRevoked, "the recipient's key was revoked"},
		{CodeKeyWeak, "the recipient's key is too weak"},
		{CodeKeyUnfit, "the recipient's key can't be sealed for"},
		{CodeKeyPrivate, "the recipient's key file holds a private key"},
		{CodeKeyEnds, "the recipient's key expires before the next delivery, or within 30 days (warning)"},
		{CodeKeyShort, "the recipient's key is of a size that is on its way out (warning)"},
		{CodeFileMissing, "a file that the order names isn't there"},
		{CodeUnlogged, "the disclosure log wouldn't take a field of the order"},

		{CodeNotRegistered, "the provider's HSA-id is not registered in the source"},
		{CodeNotItsUnit, "a unit is not one of the provider's in the source"},
		{CodeSourceFailed, "the source couldn't be asked"},

		{CodeFolder, "the folder of orders can't be read, or holds none"},
		{CodeAnswer, "a question wasn't answered"},
		{CodeNoValue, "the environment variable or file of a source or secret holds nothing that can be used"},
		{CodeDisk, "the order can't be written out"},
	}
}

// flaw is what is wrong with a value, without the value.
type flaw struct {
	code, summary, advice string
	warning               bool
}

func (f *flaw) Error() string {
	if f.advice == "" {
		return f.summary
	}
	return f.summary + " (" + f.advice + ")"
}

func (f *flaw) at(place diag.Range) diag.Diagnostic {
	d := diag.Diagnostic{Code: f.code, Summary: f.summary, Advice: f.advice, Subject: place}
	if f.warning {
		d.Severity = diag.Warning
	}
	return d
}
