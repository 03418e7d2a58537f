package filter

import (
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/internal/engine/engines"
)

// scriptClients are the clients that scripts are written for.
var scriptClients = map[string]*scriptClient{
	// The sqlite3 shell looks at each line before SQLite does (https://www.sqlite.org/cli.html): one that begins with a dot where
	// no statement has begun is a command, one that begins with # a comment; and one that only says go, or /, ends a statement.
	engines.SQLite: {brackets: true, ticks: true, words: "$",
		command: func(rest string, lineStart, pending bool) (int, bool) {
			if !lineStart || pending || rest[0] != '.' {
				return 0, false
			}
			return lineLength(rest), true
		},
		suspicious: func(line string, in lineIn) bool {
			switch in {
			case inStatements:
				line = strings.TrimLeft(line, " \t")
				return strings.HasPrefix(line, "/") && !strings.HasPrefix(line, "/*") || beginsWith(line, "GO")
			case inComment:
				return strings.HasPrefix(line, ".") || strings.HasPrefix(line, "#")
			}
			return false
		}},
	// A backslash outside quotes and comments is psql's (https://www.postgresql.org/docs/current/app-psql.html).
	engines.Postgres: {nested: true, dollars: true, escapes: true, words: "$",
		command: func(rest string, _, _ bool) (int, bool) {
			if rest[0] != '\\' {
				return 0, false
			}
			line, _, _ := strings.Cut(rest, "\n")
			return len(line), true
		}},
	// Clients of SQL Server send what is between two lines that say GO, and look for those lines, sqlcmd for commands of its own
	// too, before anybody knows of quotes and comments
	// (https://learn.microsoft.com/en-us/sql/tools/sqlcmd/sqlcmd-commands).
	engines.SQLServer: {nested: true, brackets: true, twice: true, words: "$@#", variables: "$(", mark: true, batches: true,
		command: func(rest string, lineStart, _ bool) (int, bool) {
			if !lineStart {
				return 0, false
			}
			n := lineLength(rest)
			return n, asciiUpper(strings.TrimRight(rest[:n], " \t")) == "GO"
		},
		suspicious: func(line string, in lineIn) bool {
			if in == inStatements && asciiUpper(line) == "GO" {
				return false
			}
			line = strings.TrimLeft(line, " \t")
			return strings.HasPrefix(line, ":") || strings.HasPrefix(line, "!!") || beginsWith(line, "GO", "EXIT", "QUIT", "RESET", "ED")
		}},
}

// lineLength is how much of s is its first line, without what ends it.
func lineLength(s string) int {
	n := strings.IndexByte(s, '\n')
	if n < 0 {
		return len(s)
	}
	if n > 0 && s[n-1] == '\r' {
		n--
	}
	return n
}

// beginsWith reports whether the first word of a line is one of some.
func beginsWith(line string, words ...string) bool {
	n := 0
	for n < len(line) && (line[n] == '_' || '0' <= line[n] && line[n] <= '9' || 'a' <= line[n] && line[n] <= 'z' || 'A' <= line[n] && line[n] <= 'Z' || line[n] >= 0x80) {
		n++
	}
	for _, w := range words {
		if asciiUpper(line[:n]) == w {
			return true
		}
	}
	return false
}

// scriptUnit is what a client sends, or does, at once: a statement and what ends it, a batch, or a command of its own.
type scriptUnit struct {
	tokens []scriptToken
	// end is what ends it: a semicolon, the client's command, or "" for the end of the file.
	end     string
	at, til int
	// key is the same for two units that mean the same.
	key string
}

func (u *scriptUnit) finish() {
	var b strings.Builder
	for _, t := range u.tokens {
		b.WriteString(t.same + "\x00")
	}
	b.WriteString("\x00" + u.end)
	u.key = b.String()
}

// split takes a script apart. What ends a statement ends it here wherever it stands, in the body of a trigger too: the parts of
// one are then several units that stand together.
func (c *scriptClient) split(file, text string) ([]scriptUnit, diag.List) {
	tokens, found := c.lex(file, text)
	var units []scriptUnit
	var u scriptUnit
	end := func(how string, til int) {
		u.end, u.til = how, til
		u.finish()
		units = append(units, u)
		u = scriptUnit{}
	}
	for _, t := range tokens {
		if len(u.tokens) == 0 {
			u.at = t.at
		}
		switch {
		case t.command && c.batches:
			if len(u.tokens) > 0 {
				end("", t.at)
			}
		case t.command:
			end(t.text, t.at+len(t.text))
		case t.kind == rewrite.Semicolon && !c.batches:
			if len(u.tokens) > 0 {
				end(";", t.at+1)
			}
		default:
			u.tokens = append(u.tokens, t)
		}
	}
	if len(u.tokens) > 0 {
		how := "the end of the file"
		if c.batches {
			how = "" // sent like any other
		}
		last := u.tokens[len(u.tokens)-1]
		end(how, last.at+len(last.text))
	}
	return units, found
}
