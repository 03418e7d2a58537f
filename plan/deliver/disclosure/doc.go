// Package disclosure keeps the disclosure log: who ran which order for which care provider, what went where, and what
// became of it; refusals too. It is evidence, and holds nothing of a patient.
//
// [Create] makes a log once. A run calls [Open], then Append with outcome started before it reads a row and with what
// became of it after. [VerifyFile], or [Verify] on any reader, finds what was done to a log; [Show] prints it.
//
// # The form
//
// A log is UTF-8 text, one [Record] a line, each line ended by one newline (0x0A). A line is the canonical JSON of its
// record: the members in the order in which the Go type declares them; those marked omitempty or omitzero left out when
// empty, and all others there; no white space between tokens; numbers as decimal integers without sign, fraction or
// exponent; in texts, \" and \\ for those two characters and no other escape; the signature in base64 (RFC 4648, section
// 4, with padding). Control and format characters are in no text. A line that isn't exactly what its own content encodes
// to is refused, and so are members that this version doesn't know.
//
//   - previous is the SHA-256, in lowercase hex, of the whole line before, its newline included. In a shell:
//     sed -n 6p log | sha256sum is what line 7 has.
//   - signature is a binary detached OpenPGP signature (RFC 9580, type 0x00) by the key named in signer, or a signing
//     subkey of it. It is over the line's bytes from { up to before ,"signature": and then }; the newline isn't signed.
//     Its creation time is the record's time in whole seconds, when the key must have been valid; one that has expired
//     since is no fault.
//
// The anchor file beside the log is one line of the same form ([Anchor]) that names the last record by number and hash,
// signed too. It is replaced whole after each append. Whoever can write to both files and has kept an old anchor can cut
// the log back to it, and whoever has another log of the same key can put that and its anchor in this one's place; a copy of the
// anchor that is kept elsewhere finds both (Verification.Witnesses), and the log's id tells logs apart.
// Whoever has the region's private key can write another history, and again only a copy kept elsewhere tells.
//
// # What a crash leaves
//
// One writer at a time holds the lock of the log's file (flock; the log must lie on a file system that has it). It checks
// the last record against its signature and the anchor, appends one line with one write, syncs, and then replaces the
// anchor. A crash can leave
//
//   - a record that isn't anchored yet: legal; verify warns, and the next append anchors it first;
//   - a last line that isn't whole: nothing is appended, and verify refuses, until Repair has moved the piece to
//     LOG.torn-N and recorded that. Append had not returned for it. A repair can itself be interrupted, and run again;
//   - hidden files named .NAME.utdrag-partial, which may be removed.
//
// When Append has returned nil, its record is found again after any crash.
//
// # What is not in it
//
// Every field has a type of its own that is checked when it is written and again when it is read: HSA-ids, hashes,
// fingerprints, counts, names of tables, hosts and folders. The order's purpose is the only free text: one line of at
// most 200 characters. No text passes in which a personal identity or coordination number could stand, right check digit
// or not. The HSA-id of a provider that is a sole trader may contain its owner's number: it is a public identity.
// A package's name with a date and a time must not run them together as 20260102-1504 does; 20260102T150405Z passes.
package disclosure
