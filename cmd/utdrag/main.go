// Utdrag takes one care provider's data out of a database that many care providers share.
//
//	utdrag demo                                        see the whole story on sample data
//	utdrag catalog   --source URL -o catalog.json      what the database itself says of its tables
//	utdrag map check --map M --source URL              is every table accounted for
//	utdrag plan      --map M --source URL --provider ID [--format text|sql|json|html]
//	utdrag why       --map M --source URL --provider ID --table T --key K
//	utdrag extract   --map M --source URL --provider ID --to FILE --recipient KEY.asc
//	utdrag open      FILE --key KEY
//	utdrag load      FILE --key KEY --to URL
//	utdrag verify    --map M --provider ID FILE|URL
//	utdrag order     new | check FILE|DIR | show FILE
//	utdrag deliver   ORDER --sign KEY                  carry out an order
//	utdrag run       DIR --sign KEY                    what is due of a folder of orders
//	utdrag log       create | verify | show | repair   the disclosure log
//	utdrag receive   [FILE] --from AREA --provider ID  … at the care provider: fetch, check, load
//
// A schema map (package filter/schemamap) says how each table reaches the care-provider key, what is masked, and what
// is left out and why. Utdrag refuses a map that doesn't account for every table, makes a copy plan that people can
// review, runs it under one snapshot, verifies the copy by another route than the one that made it, and seals it with
// OpenPGP for its recipient.
//
// # Databases
//
// A database is a URL: sqlite:FILE, postgres://HOST/NAME or sqlserver://HOST?database=NAME; or env:VARIABLE, for one in
// the environment. A source is opened for reading only. A target is always new: nothing is ever written over.
//
// # Secrets
//
// No secret is the value of a flag, where other users of the machine and the shell's history would see it.
//
//	masking key    --mask-key FILE, or UTDRAG_MASK_KEY_FILE (a file), or UTDRAG_MASK_KEY (the key in hex or base64)
//	database       the URL in a variable that env:VARIABLE names, PGPASSWORD, ~/.pgpass, or UTDRAG_SQLSERVER_PASSWORD
//	passphrase     --passphrase-file FILE, or UTDRAG_PASSPHRASE, or a prompt on a terminal
//	SFTP           --password-file FILE, or UTDRAG_SFTP_PASSWORD, or a prompt; UTDRAG_SFTP_PASSPHRASE for a key
//	of an order    where the order says: env:VARIABLE or file:PATH
//
// No message of this program holds a database URL, a cell, a key or a passphrase. Only why quotes keys of rows, because
// it is asked about them.
//
// # Exit codes
//
//	0   done
//	1   refused by a rule, or a violation found
//	2   wrong usage, map or order
//	3   database, network or disk failed, or interrupted
//
// Results go to standard output and everything else to standard error; --json writes results for programs. Colour and
// a progress line are for terminals alone, and never with NO_COLOR or TERM=dumb.
//
// # Interruption
//
// Ctrl-C ends the work and removes what was begun; a second one kills the program. Even then no file under a final name
// is half-made, and on Linux nothing else is left of a copy either. A killed open may leave the folder that it was
// writing, under a name that begins with a dot and holds "utdrag-partial".
package main

import "os"

func main() { os.Exit(Do(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
