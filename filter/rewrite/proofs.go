package rewrite

import (
	"crypto/sha256"
	"strings"
	"sync"
)

// Proofs remembers the pieces that were read by themselves and found whole. The zero value is ready. It is safe for concurrent
// use, and for one Syntax.
type Proofs struct {
	mu     sync.Mutex
	pieces map[proof]bool
}

// proof is the hash of a piece and of what it could name. Pieces are as long as a query likes to make them, by its hints.
type proof [sha256.Size]byte

// maxPieces is how many pieces are remembered. Hints, periods and the columns that queries name make more of them than there are
// tables.
const maxPieces = 10_000

func pieceKey(piece string, before []Definition) proof {
	var b strings.Builder
	b.WriteString(piece)
	for _, d := range before {
		b.WriteString(mark + d.Name)
	}
	return sha256.Sum256([]byte(b.String()))
}

func (p *Proofs) has(piece string, before []Definition) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pieces[pieceKey(piece, before)]
}

func (p *Proofs) add(piece string, before []Definition) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pieces == nil || len(p.pieces) >= maxPieces {
		p.pieces = map[proof]bool{}
	}
	p.pieces[pieceKey(piece, before)] = true
}
