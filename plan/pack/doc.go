// Package pack makes and opens packages: one care provider's extract as one sealed file.
//
// To make one, call [Create] with the recipients' public keys ([LoadRecipient]) and perhaps the sender's private key
// ([LoadSecret]); add the files with [Writer.File], each table with [Writer.Table], and end with [Writer.Commit].
// [NewWriter] does the same on any
// stream, and [CreateFolder] in plaintext for a user who asked for it. To open one, call [OpenFile] with the private key; the [Package] that it
// returns has been verified from end to end, and its rows can be read ([Package.Rows]) or its files unpacked
// ([Package.Extract]). [Verify] only verifies.
//
// # Format
//
// A package is a tar archive, compressed, in one OpenPGP message. Anyone with GnuPG, tar and zstd can open it without
// Utdrag:
//
//	gpg --decrypt FILE | zstd -d | tar -x
//
// The archive is plain ustar with fixed modes, owners and times, and holds in this order
//
//	README.txt                        how to open it, in Swedish and English
//	schema.sql definition.json catalog.json plan.sql load.sh load.sql    each if it was added
//	data/0001-patient/part-000001.csv    a folder for each table
//	manifest.json                     what all of it is, with sizes and SHA-256
//
// A table is one CSV file (RFC 4180, UTF-8, CRLF, one header line) cut into parts of at most 16 MiB, at a row's end
// where a row isn't larger than that. The parts one after the other are the file. In it
//   - text always stands within quotes, and nothing else does but hex and variant and native cells;
//   - NULL is \N without quotes; text that consists of one or more backslashes followed by N gets one more backslash, so
//     that a reader that is blind to quotes can tell them too;
//   - binary is lowercase hex, booleans are true and false, times are as the source gives them;
//   - integers and decimals are plain; a float is the shortest text that reads back as the same one, with an exponent
//     outside columns of kind real; infinity is 1e999 and -1e999, which readers of doubles round to it;
//   - in a column of kind variant or native each cell names its own form: integer:, real:, text:, hex:, boolean:, decimal:, time:.
//
// A cell whose form doesn't belong in its column is refused, and so is text that is no valid UTF-8 or holds NUL. In
// packages from SQLite, columns declared as boolean, decimal, date, time, UUID, JSON or XML may hold integers, floats
// and text besides, because SQLite's affinity lets them in, and takes them in again as the same. What is read back is
// what was written; two spellings are made one: in such columns a Bool becomes the Int 0 or 1 and a whole Decimal an
// Int, and elsewhere an Int in a column of kind decimal becomes a Decimal.
//
// # What is promised
//
// Against whoever has the file but not the key: nothing of the content can be read, its names and the provider's
// included. What shows is the size, and the key ids of the recipients. The message uses AEAD if every recipient's key
// announces it, else the older packet with AES-256 and a check value, which GnuPG 2.2 needs.
//
// Against whoever can alter the file on its way: every change is found. Only a signature shows who made a package, for
// anybody can seal one for a public key. Give [Keys.Sender] to demand it; without it, [Package.Signature] says
// "unsigned" or "signed by unknown", and the content is from nobody in particular.
//
// Against whoever sends a hostile package: the archive may hold the entries above and no others, so that nothing is
// written outside the folder that was named; links, devices, extended headers, repeated and renamed entries can't be
// expressed. What a reader takes is bounded by [Limits], in memory and in total.
//
// Nothing unverified is let out: a package is read twice, once wholly to verify it with nothing kept, and once to hand
// out its content, held again against the manifest of the first reading an entry at a time.
//
// Nothing is left half made: a package, and a folder that one is unpacked to, get their names when they are whole and
// durable, and never replace anything. A package is sealed while it is written: there is no temporary file in clear. On
// Linux a package in the making has no name, so that even a killed process leaves nothing; elsewhere a killed process
// leaves a sealed file called .NAME.utdrag-partial-…. Unpacking is asking for plaintext: a process that is killed while
// it unpacks leaves a folder of that name with mode 0700.
//
// Memory is bounded whatever the size of a table or a cell: below 25 MB for writing (a part, the compression's window,
// three small buffers), below 60 MB for reading plus the cells of one row. The caller's own [value.Large] cells are
// written in pieces; cells that are read are held, each up to [Limits.Cell].
//
// # What is not promised
//
// The recipient's machine, and what is done there after unpacking. Deniability. That a package is recent: without
// [Info.Order] the manifest holds no clock, so that the same copy has the same manifest; its time and a signature's are the
// sender's word.
//
// Errors carry the codes of codes.go and name tables and columns, never a cell's content, a passphrase or a key.
package pack
