// Package receive is the care provider's end of a disclosure: it takes a package, is convinced of it, and loads it.
//
// Call [Receive] with where the package lies ([From]), the URL of a database, and [Options]: the private key, the region's
// public key, the provider's HSA-id, and the state file.
//
// # What is demanded of a package
//
// In this order, and nothing is loaded before all of it holds:
//
//  1. It opens with the key, is signed by the demanded signer, and is whole: the seal, the archive, the manifest, every size
//     and SHA-256 (package pack). A package without a signature is refused.
//  2. The signed manifest says that it was made for this provider, sealed for this key, and signed by this signer. So a package
//     that somebody else could open and sealed again for us is refused, and so is one of another provider that was sent
//     here by mistake.
//  3. It is newer than every package of the same provider and order that came before, by the time that its signed manifest bears, and
//     it didn't come before. Its number is a second witness: one that doesn't go on is remarked on, for the sender's log may have been
//     begun anew. Who keeps the folder can repeat and withhold packages, and no more.
//
// # State
//
// The state file says what came before: names, hashes, times. It is written before a package is loaded and again when it is
// there, each time as a whole, by rename. One that can't be read is refused, for without it a replay can't be told. Whether a
// package is newer is never decided by this machine's clock, which may be set back; a package that bears a time more than a
// day ahead of it is refused, since it would make every later one an older one.
//
// # Disk
//
// Ciphertext that is fetched is kept in a file that has no name on Unix from its first byte on, and that is removed when the call
// ends elsewhere. Nothing of the package stands in clear on any disk but in the target database.
//
// # Replacing
//
// With [Options.Replace] the package is loaded beside the copy that is there and takes its name when it has been read back and
// checked: see [run.Replace]. Readers find the older copy or the newer one. Whoever is killed at any moment leaves one of
// the two under the name; the next call clears the rest away.
package receive
