package plan

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
)

//go:embed review.html
var reviewText string

var review = template.Must(template.New("review").Funcs(template.FuncMap{
	"join": func(items []string) string { return strings.Join(items, ", ") },
	"next": func(i int) int { return i + 1 },
}).Parse(reviewText))

// WriteHTML writes the plan as a document to review, print and sign: one file, no script, nothing loaded from elsewhere.
func (p *Plan) WriteHTML(w io.Writer) error { return review.Execute(w, p) }
