package sqlserver

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/utdrag/utdrag/filter/diag"
)

// codePages converts text to the bytes that char and varchar hold under a collation. The server itself says which, 256
// characters at a time, so that they are the bytes that it would store. ASCII is the same in every code page that it has.
type codePages struct {
	open  func(context.Context) (*sql.Conn, error)
	guard sync.Mutex
	conn  *sql.Conn // not that of a loader, which is in the middle of a bulk copy
	known map[string]*codePage
}

type codePage struct {
	blocks [256][]string // by the upper byte of a character; "" for one that the code page doesn't have
}

// encode converts a text.
func (p *codePages) encode(ctx context.Context, text, collation string) ([]byte, error) {
	if ascii(text) {
		return []byte(text), nil
	}
	p.guard.Lock()
	defer p.guard.Unlock()
	if p.known == nil {
		p.known = map[string]*codePage{}
	}
	page := p.known[collation]
	if page == nil {
		page = &codePage{}
		p.known[collation] = page
	}
	encoded := make([]byte, 0, len(text))
	for _, r := range text {
		if r < utf8.RuneSelf {
			encoded = append(encoded, byte(r))
			continue
		}
		var bytes string
		if r < 0x10000 {
			if page.blocks[r>>8] == nil {
				block, err := p.ask(ctx, collation, int(r>>8))
				if err != nil {
					return nil, err
				}
				page.blocks[r>>8] = block
			}
			bytes = page.blocks[r>>8][r&0xff]
		}
		if bytes == "" {
			return nil, failure(codeType, diag.Refused, "mask or omit the column, or give it type nvarchar", nil, "a text has a character that the column's code page doesn't have")
		}
		encoded = append(encoded, bytes...)
	}
	return encoded, nil
}

// ask has the server convert the characters of a block there and back. What comes back as another character isn't in the
// code page.
func (p *codePages) ask(ctx context.Context, collation string, block int) ([]string, error) {
	if !isOwn(collation) {
		return nil, failure(codeCollation, diag.Refused, "", nil, "a column has a collation that is not known")
	}
	if p.conn == nil {
		conn, err := p.open(ctx)
		if err != nil {
			return nil, err
		}
		p.conn = conn
	}
	numbers := make([]string, 256)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("(%d)", block<<8|i)
	}
	narrow := "CONVERT(varchar(8), NCHAR(v.n) COLLATE " + collation + ")"
	rows, err := p.conn.QueryContext(ctx, "SELECT v.n, CONVERT(varbinary(8), "+narrow+") FROM (VALUES "+strings.Join(numbers, ",")+") AS v (n)"+
		" WHERE CONVERT(varbinary(8), CONVERT(nvarchar(8), "+narrow+")) = CONVERT(varbinary(8), NCHAR(v.n))")
	if err != nil {
		return nil, wrap(ctx, err, "reading a code page")
	}
	defer rows.Close()
	answer := make([]string, 256)
	for rows.Next() {
		var n int
		var bytes []byte
		if err := rows.Scan(&n, &bytes); err != nil {
			return nil, wrap(ctx, err, "reading a code page")
		}
		if n>>8 == block && n >= utf8.RuneSelf {
			answer[n&0xff] = string(bytes)
		}
	}
	return answer, wrap(ctx, rows.Err(), "reading a code page")
}

func (p *codePages) close() error {
	p.guard.Lock()
	defer p.guard.Unlock()
	if p.conn == nil {
		return nil
	}
	conn := p.conn
	p.conn = nil
	return conn.Close()
}
