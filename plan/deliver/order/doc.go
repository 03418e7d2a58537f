// Package order holds the order (beställning) of a disclosure: who is to have whose data, how often, sealed for which key and
// delivered where. It is the region's paper form as HCL, with what a machine needs beside it.
//
// To take one in, call [Load], or [LoadFolder] for all that stand together; [Parse] reads a text. What they return has been held
// against everything that one order can be held against alone. [Check] holds a set of orders against each other, their keys, the
// clock and, where the caller has one, the source database. To make one, call [Ask] or [Template]; [Write] prints the canonical
// text, [Order.ShowText] and [Order.ShowHTML] the form for signing, and [Order.Hash] what was signed. [Order.Due] says when a
// delivery is to be made.
//
// # What is promised
//
// No secret stands in an order. Passwords are named by where they are, env:NAME or file:PATH; any other text in such a place is
// refused, and so is a URL that holds a password. Because people do write secrets where they don't belong, no diagnostic of this
// package quotes what an order says: it tells the place, which field it is, and what is expected there. Whoever shows diagnostics
// should not show the line they point at either.
//
// What is accepted can be written and read again to the same order, and equal orders have equal hashes. An unknown name, word,
// interval or login is refused, as is everything that could be meant in two ways: two logins, two places of delivery.
//
// # Not promised
//
// An order's hash covers what stands in it, not the files that it names; the recipient's key is bound by its fingerprint, and the
// map by the plan's own hash. A secret in a comment, or in a command's arguments without a name before it, isn't recognised.
package order
