// Package deliver carries out orders: it takes a care provider's rows, seals them for the provider, lays the package where the
// order says, and keeps the evidence.
//
// [Deliver] carries out one order, read by package order, to the end. [Run] does so for what is due of a folder of orders, for
// cron or a timer. Both write to a disclosure log, which must exist: what can't be logged isn't disclosed.
//
// # One delivery
//
//  1. The order is held against its files, its keys, the clock and the other orders ([order.Check]).
//  2. The source is opened and the copy planned, by the order's map; with Options.PlanHash, nothing but the plan that somebody
//     reviewed is run.
//  3. The log says that it began. From here on rows are read.
//  4. The source is asked whether it knows the provider and its units.
//  5. In the snapshot that the copy is made from, the rows of each table are counted and compared with the last delivery's. A
//     table that changed by more than the order allows holds the delivery: nothing is sent. See below.
//  6. The rows are masked and sealed on their way to the sink. There is no local file, unless Options.Spool names a folder for
//     one: sealed, removed on every exit, and on Linux without a name from the beginning.
//  7. When the copy was verified against the source by another route, the package gets its name at the recipient, with a receipt.
//  8. The log says what became of it, and so does the order's state.
//
// # Held
//
// The error of a delivery that is held names a hash over the plan and the counts. Options.Confirm with that hash delivers what
// somebody has seen: the same plan, and counts that differ from those seen by no more than the order allows. The first delivery
// of an order has nothing to be compared with and isn't held. A table that had no rows is reckoned as if it had had one.
//
// # State
//
// Beside the orders is a folder .utdrag-state: ID.json for each order, replaced whole, and locks. It says when and what was
// delivered last, what is held, and what was begun. A state that can't be read, or is of another provider's order, is refused and never
// guessed; without one an order counts as never delivered. Locks are flock(2)'s: they end with the process, and their files stay.
//
// # What a crash leaves
//
// No package under its final name that isn't whole. The next delivery of the order finds what was begun: a package that got its
// name is completed (its receipt says that it is ours) and logged as delivered, anything else is logged as failed and begun anew.
// So it is with a delivery that failed so late that its package may have got its name. Killed between a record of the log and the state
// that was to follow it, a delivery is looked up in the log: what that says already isn't said, and isn't done, again.
// A last line of the log that a crash tore is set aside by [disclosure.Log.Repair], which the log then says.
//
// What a command took can't be asked for, so a killed delivery by command is begun anew.
package deliver
