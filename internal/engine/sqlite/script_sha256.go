package sqlite

import (
	"fmt"
	"strings"
)

// SHA-256 (FIPS 180-4) and HMAC (FIPS 198-1) in SQLite's SQL, for a script in which no function does it. It is checked
// against mask.Func, that is crypto/sha256.
//
// A word of 32 bits is an integer of 64. There is no exclusive or, so that three words x, y, z are combined as
// x + y + z - 2 * majority(x, y, z): every bit is counted, and two are taken away where two or three are set. A rotated
// word x >> n | x << 32-n has garbage above its 32 bits, which a mask takes away at the end; with the rotations that
// SHA-256 has, the sums stay below 2^63, above which SQLite would go over to floating point.

// roundConstants are K of FIPS 180-4, 4.2.2; startState is H(0) of 5.3.3.
const (
	roundConstants = `
	428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5
	d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174
	e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da
	983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967
	27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85
	a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070
	19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3
	748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2`
	startState = "6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19"
)

// columns are h0, h1, … up to count.
func columns(letter string, count int) string {
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprintf("%s%d", letter, i)
	}
	return strings.Join(names, ", ")
}

func rotate(x string, n int) string { return fmt.Sprintf("(%s >> %d | (%s << %d))", x, n, x, 32-n) }

func exclusive(x, y, z string) string {
	return fmt.Sprintf("(%s + %s + %s - 2 * (%s & (%s | %s) | (%s & %s)))", x, y, z, x, y, z, y, z)
}

// blockWord is the number of eight hexadecimal digits of block.
func blockWord(number int) string {
	digits := make([]string, 8)
	for i := range digits {
		digits[i] = fmt.Sprintf("((instr('0123456789ABCDEF', substr(block, %d, 1)) - 1) << %d)", 8*number+i+1, 28-4*i)
	}
	return strings.Join(digits, " | ")
}

// hashMachine makes work tables that compute. hash_block holds a state and a block of 64 bytes for each of many messages,
// and hash_compressed is the state after that block (6.2.2). It goes through 64 rounds of all messages, each a row with
// the words a to h and the next 16 of the message schedule. A row in hash_tick makes a trigger, the only loop that the
// shell has, take in a block of some messages: by number counted from 0, or by NULL the outer hash of HMAC, of which the
// state so far is the inner one.
func hashMachine() string {
	var words [16]string
	for i := range words {
		words[i] = blockWord(i)
	}
	var constants, start, sums, taken, letters []string
	for i, k := range strings.Fields(roundConstants) {
		constants = append(constants, fmt.Sprintf("(%d, 0x%s)", i, k))
	}
	for i, h := range strings.Fields(startState) {
		start = append(start, "0x"+h)
		letter := string(rune('a' + i))
		letters = append(letters, letter)
		taken = append(taken, fmt.Sprintf("h%d = c.h%d", i, i))
		sums = append(sums, fmt.Sprintf("(h%d + %s) & 0xffffffff AS h%d", i, letter, i))
	}
	first := "h + " + exclusive(rotate("e", 6), rotate("e", 11), rotate("e", 25)) + " + (e & f | (~e & g)) + k + w0"
	second := exclusive(rotate("a", 2), rotate("a", 13), rotate("a", 22)) + " + (a & (b | c) | (b & c))"
	next := exclusive(rotate("w14", 17), rotate("w14", 19), "(w14 >> 10)") + " + w9\n      + " +
		exclusive(rotate("w1", 7), rotate("w1", 18), "(w1 >> 3)") + " + w0"
	return strings.NewReplacer(
		"$STATE", columns("h", 8),
		"$LETTERS", strings.Join(letters, ", "),
		"$SCHEDULE", columns("w", 16),
		"$SHIFTED", strings.TrimPrefix(columns("w", 16), "w0, "),
		"$CONSTANTS", strings.Join(constants, ", "),
		"$START", strings.Join(start, ", "),
		"$SUMS", strings.Join(sums, ", "),
		"$WORDS", strings.Join(words[:], ",\n    "),
		"$T1", first, "$T2", second, "$NEXT", next,
		"$TAKEN", strings.Join(taken, ", "),
		"$OUTER", columns("s.h", 8), "$INNER", digestOf("%08X", "m.h"), "$DIGEST", digestOf("%08x", "c.h"),
	).Replace(`-- SHA-256 (FIPS 180-4): the constants, the states, the messages, and the blocks to be taken in
CREATE TEMP TABLE hash_round (round INTEGER PRIMARY KEY, k INTEGER);
INSERT INTO hash_round VALUES $CONSTANTS;
CREATE TEMP TABLE hash_state (name TEXT PRIMARY KEY, $STATE);
INSERT INTO hash_state VALUES ('start', $START);
CREATE TEMP TABLE hash_message (number INTEGER PRIMARY KEY, message TEXT NOT NULL UNIQUE, bits INTEGER, blocks INTEGER, $STATE, digest TEXT);
CREATE TEMP TABLE hash_block (number INTEGER PRIMARY KEY, $STATE, block TEXT);
CREATE TEMP TABLE hash_tick (first INTEGER, last INTEGER, block INTEGER);
CREATE TEMP VIEW hash_compressed AS
WITH RECURSIVE step (number, round, $LETTERS, $SCHEDULE) AS (
  SELECT number, 0, $STATE,
    $WORDS
  FROM hash_block
  UNION ALL
  SELECT number, step.round + 1,
    ($T1
      + $T2) & 0xffffffff,
    a, b, c,
    (d + $T1) & 0xffffffff,
    e, f, g,
    $SHIFTED,
    ($NEXT) & 0xffffffff
  FROM step CROSS JOIN hash_round ON hash_round.round = step.round
)
SELECT hash_block.number AS number, $SUMS
FROM step JOIN hash_block ON hash_block.number = step.number WHERE step.round = 64;
CREATE TEMP TRIGGER hash_inner AFTER INSERT ON hash_tick WHEN NEW.block IS NOT NULL
BEGIN
  DELETE FROM hash_block;
  INSERT INTO hash_block SELECT number, $STATE,
    substr(substr(message, 128 * NEW.block + 1, 128) || CASE length(message) / 128 WHEN NEW.block THEN '80' ELSE '' END || hex(zeroblob(64)),
      1, CASE blocks - 1 WHEN NEW.block THEN 112 ELSE 128 END) ||
    CASE blocks - 1 WHEN NEW.block THEN printf('%016X', 4 * length(message) + bits) ELSE '' END
  FROM hash_message WHERE number BETWEEN NEW.first AND NEW.last AND NEW.block < blocks;
  UPDATE hash_message SET $TAKEN FROM hash_compressed c WHERE c.number = hash_message.number;
END;
CREATE TEMP TRIGGER hash_outer AFTER INSERT ON hash_tick WHEN NEW.block IS NULL
BEGIN
  DELETE FROM hash_block;
  INSERT INTO hash_block SELECT m.number, $OUTER,
    $INNER || '80' || hex(zeroblob(23)) || printf('%016X', 768)
  FROM hash_message m, hash_state s WHERE m.number BETWEEN NEW.first AND NEW.last AND s.name = 'outer';
  UPDATE hash_message SET digest = $DIGEST FROM hash_compressed c WHERE c.number = hash_message.number;
END;`)
}

// digestOf is the text of a state, eight digits a word.
func digestOf(form, letter string) string {
	return "printf('" + strings.Repeat(form, 8) + "', " + columns(letter, 8) + ")"
}

// hashKeyStates make the states that the inner and the outer hash of HMAC begin with: after the key of 64 bytes, combined
// with 36 and 5C in hexadecimal, digit by digit. A longer key is hashed first. Then the key is dropped.
func hashKeyStates() string {
	return strings.NewReplacer(
		"$STATE", columns("h", 8), "$DIGEST", digestOf("%08X", "h"),
		"$HIGH", "instr('0123456789ABCDEF', substr(digits || hex(zeroblob(64)), 2 * byte + 1, 1)), 1)",
		"$LOW", "instr('0123456789ABCDEF', substr(digits || hex(zeroblob(64)), 2 * byte + 2, 1)), 1)",
		"$TICKS", ticks,
	).Replace(`-- HMAC (FIPS 198-1): a key of more than 64 bytes is hashed, and every key becomes two states
INSERT INTO hash_message (message, bits, blocks, $STATE)
SELECT digits, 0, (length(digits) / 2 + 8) / 64 + 1, $STATE
FROM hash_key, hash_state WHERE length(digits) > 128 AND name = 'start';
$TICKS
UPDATE hash_key SET digits = (SELECT $DIGEST FROM hash_message) WHERE length(digits) > 128;
DELETE FROM hash_message;
DELETE FROM hash_block;
INSERT INTO hash_block (number, $STATE, block)
WITH RECURSIVE pad (byte, ipad, opad) AS (
  SELECT 0, '', ''
  UNION ALL
  SELECT byte + 1,
    ipad || substr('32107654BA98FEDC', $HIGH || substr('67452301EFCDAB89', $LOW,
    opad || substr('54761032DCFE98BA', $HIGH || substr('CDEF89AB45670123', $LOW
  FROM pad, hash_key WHERE byte < 64
)
SELECT 1, $STATE, ipad FROM pad, hash_state WHERE byte = 64 AND name = 'start'
UNION ALL
SELECT 2, $STATE, opad FROM pad, hash_state WHERE byte = 64 AND name = 'start';
INSERT INTO hash_state SELECT CASE number WHEN 1 THEN 'inner' ELSE 'outer' END, $STATE FROM hash_compressed;
DELETE FROM hash_block;
DROP TABLE hash_key;`)
}

// ticks take in every block of every message, a thousand messages at a time, and each message's first blocks first.
const ticks = `INSERT INTO hash_tick
WITH RECURSIVE batch (first, last, blocks) AS (
  SELECT min(number), max(number), max(blocks) FROM hash_message GROUP BY number / 1000
), tick (first, last, block, blocks) AS (
  SELECT first, last, 0, blocks FROM batch
  UNION ALL
  SELECT first, last, block + 1, blocks FROM tick WHERE block + 1 < blocks
)
SELECT first, last, block FROM tick ORDER BY block;`

// outerTicks make the digests of all messages, whose inner hashes are there.
const outerTicks = "INSERT INTO hash_tick SELECT min(number), max(number), NULL FROM hash_message GROUP BY number / 1000;"
