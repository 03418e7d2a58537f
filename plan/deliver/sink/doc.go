// Package sink lays a sealed package where its recipient fetches it, and fetches it there.
//
// Make an [SFTP], a [Folder] or a [Command] and call Put with a [Spool] (ciphertext in a file of ours: an upload that
// breaks goes on where it broke, also in a later process) or a [Stream] (ciphertext as it is made: no local file, and a
// break means that the order runs again). What passes here is ciphertext; nothing in this package can open it.
//
// # Promise
//
// A name in the recipient's folder appears when the file behind it is whole, flushed where the server can flush, and
// verified, never before; and it replaces nothing. That holds whenever this process is killed, the connection is cut or the
// disk fills. The steps are:
//
//  1. The name is free, or holds what is to be delivered (then only what is missing is done), else it is refused.
//  2. The content goes to .NAME.utdrag-partial-ORDER-CONTENT-RANDOM. A rerun of a spooled delivery takes over what an
//     earlier one left by renaming it to a name of its own: of two, one gets it. It reads it back, compares it with the spool byte
//     by byte, and goes on at the first difference. A file that can't be read back is left and begun again under a new name.
//  3. fsync, then size and SHA-256 of what the server gives back ([Verify] says what if it doesn't).
//  4. The receipt is laid beside, still under a temporary name.
//  5. The package gets its name, then NAME.receipt.json its.
//  6. Leftovers of the same order are removed.
//
// A delivery killed after 5 began is completed by its rerun, a streamed one too: the receipt says which run
// ([Options.Run]) it was, and the package is held against it.
//
// # Not overwriting
//
// SSH_FXP_RENAME must fail where the new name is taken (draft-ietf-secsh-filexfer-02, 6.5), and OpenSSH's does, but servers
// exist where it replaces. So the name is given by hardlink@openssh.com where that is offered, which replaces nothing on any
// of them; otherwise by a look and a rename, and the outcome's remarks say so. posix-rename@openssh.com replaces and is
// never used.
//
// # Writes in flight
//
// Up to 4 MB of a block are under way at once, sent in the order of their offsets (some servers take no other) and all
// answered before the next block. A break can leave holes only inside the last block. Resuming compares content and not
// sizes, so a hole is found and filled.
//
// # Whom it trusts
//
// The host key is pinned by fingerprint or known_hosts, and no password or signature leaves before it was checked. The server
// may lie afterwards: it can destroy what it got, which the read-back finds, but not read it. See [SFTP] for the algorithms.
package sink
