package schemamap

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/utdrag/utdrag/filter/diag"
)

// located is a text with the place of each of its bytes in the source.
type located struct {
	text string
	rng  diag.Range
	// segments are sorted by offset in text; each begins a run of bytes that stand in the source as they are.
	segments []segment
}

type segment struct{ text, source int }

// at is the source range of text[start:end].
func (l located) at(r *reader, start, end int) diag.Range {
	if len(l.segments) == 0 {
		return l.rng
	}
	return r.span(l.source(start), l.source(end))
}

func (l located) source(offset int) int {
	found := l.segments[0]
	for _, s := range l.segments {
		if s.text > offset {
			break
		}
		found = s
	}
	return found.source + offset - found.text
}

// exactText reads a text without anything to evaluate in it. HCL normalizes texts to Unicode NFC; names and conditions
// must reach the database as they were written, so the escapes are read again from the source.
func (r *reader) exactText(e hclsyntax.Expression) (located, bool) {
	template, ok := e.(*hclsyntax.TemplateExpr)
	if !ok {
		return located{}, false
	}
	var evaluated strings.Builder
	for _, p := range template.Parts {
		literal, ok := p.(*hclsyntax.LiteralValueExpr)
		if !ok || literal.Val.IsNull() || literal.Val.Type() != cty.String {
			return located{}, false
		}
		// A literal inside ${ } is a template of its own, so this one is plain text.
		evaluated.WriteString(literal.Val.AsString())
	}
	rng := template.Range()
	raw := string(r.src[rng.Start.Byte:rng.End.Byte])
	found := located{rng: r.hclRange(rng)}
	switch {
	case len(raw) >= 2 && raw[0] == '"' && raw[len(raw)-1] == '"':
		found.text, found.segments, ok = unescape(raw[1:len(raw)-1], rng.Start.Byte+1, true)
		if !ok || cty.NormalizeString(found.text) != cty.NormalizeString(evaluated.String()) {
			return located{}, false
		}
	case strings.HasPrefix(raw, "<<"):
		found.text, found.segments, ok = heredoc(raw, rng.Start.Byte, evaluated.String())
		if !ok {
			return located{}, false
		}
	default:
		return located{}, false
	}
	return found, true
}

// unescape reads the body of a quoted text, or of a heredoc, which knows no backslash.
func unescape(raw string, base int, quoted bool) (string, []segment, bool) {
	var b strings.Builder
	segments := []segment{{0, base}}
	for i := 0; i < len(raw); {
		replaced, width := "", 0
		switch {
		case strings.HasPrefix(raw[i:], "$${"):
			replaced, width = "${", 3
		case strings.HasPrefix(raw[i:], "%%{"):
			replaced, width = "%{", 3
		case quoted && raw[i] == '\\':
			replaced, width = escape(raw[i:])
			if width == 0 {
				return "", nil, false
			}
		default:
			b.WriteByte(raw[i])
			i++
			continue
		}
		b.WriteString(replaced)
		i += width
		segments = append(segments, segment{b.Len(), base + i})
	}
	return b.String(), segments, true
}

// escape reads one backslash escape of HCL. A width of 0 means that it is none.
func escape(raw string) (string, int) {
	if len(raw) < 2 {
		return "", 0
	}
	digits := 0
	switch raw[1] {
	case 'n':
		return "\n", 2
	case 'r':
		return "\r", 2
	case 't':
		return "\t", 2
	case '"', '\\':
		return raw[1:2], 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	default:
		return "", 0
	}
	if len(raw) < 2+digits {
		return "", 0
	}
	c, err := strconv.ParseUint(raw[2:2+digits], 16, 31)
	if err != nil {
		return "", 0
	}
	return string(rune(c)), 2 + digits
}

// heredoc pairs the lines of a heredoc with what HCL made of them: a <<- heredoc loses the indentation its lines share.
// A text that HCL normalized can't be paired, and is refused.
func heredoc(raw string, base int, evaluated string) (string, []segment, bool) {
	first, last := strings.IndexByte(raw, '\n'), strings.LastIndexByte(strings.TrimSuffix(raw, "\n"), '\n')
	if first < 0 || last < first {
		return "", nil, false
	}
	source := raw[first+1 : last+1]
	values := strings.SplitAfter(evaluated, "\n")
	var segments []segment
	text, at := 0, base+first+1
	for i, line := range strings.SplitAfter(source, "\n") {
		if i >= len(values) {
			return "", nil, false
		}
		plain, parts, _ := unescape(line, at, false)
		if !strings.HasSuffix(plain, values[i]) {
			return "", nil, false
		}
		cut := len(plain) - len(values[i])
		for _, s := range parts {
			segments = append(segments, segment{max(text, text+s.text-cut), s.source + max(0, cut-s.text)})
		}
		text += len(values[i])
		at += len(line)
	}
	return evaluated, segments, true
}
