package rewrite

import (
	"strings"
	"sync"
)

// Proofs remembers the pieces that were read by themselves and found whole. The zero value is ready. It is safe for concurrent
// use, and for one Syntax.
type Proofs struct {
	mu     sync.Mutex
	pieces map[string]bool
}

// maxPieces is how many pieces are remembered. Only hints and periods make more of them than there are tables.
const maxPieces = 10_000

func pieceKey(piece string, before []Definition) string {
	var b strings.Builder
	b.WriteString(piece)
	for _, d := range before {
		b.WriteString(mark + d.Name)
	}
	return b.String()
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
		p.pieces = map[string]bool{}
	}
	p.pieces[pieceKey(piece, before)] = true
}
