package filter

import (
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/internal/engine"
)

// syntaxes are the readers of queries by engine. dialect is set for engines that are only queried.
var syntaxes = []struct {
	engine  string
	syntax  rewrite.Syntax
	dialect engine.Dialect
}{}
