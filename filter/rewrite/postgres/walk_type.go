package postgres

import (
	"github.com/sqlc-dev/oliphant/ast"
	"github.com/utdrag/utdrag/filter/rewrite"
)

// cast reads x::t, CAST(x AS t) and t 'literal'.
func (r *reader) cast(c *ast.TypeCast) {
	if c.TypeName == nil {
		r.unaccounted(0)
	}
	start := r.token(c.TypeName.Location)
	if c.Location == -1 { // t 'literal'
		i := r.typeName(c.TypeName, start)
		r.within(i, i+1, func() { r.expression(c.Arg) })
		if r.is(start, "interval") && r.Tokens[start].Kind == rewrite.Word {
			r.intervalFields(i + 1)
		}
		return
	}
	i := r.token(c.Location)
	if isSign(r.Source, i, "::") {
		r.expression(c.Arg)
		r.claim(i)
		r.require(start == i+1 || r.is(i+1, "setof"), i)
	} else {
		r.word(i, "cast")
		r.sign(i+1, "(")
		r.within(i+2, r.after(i+1), func() { r.expression(c.Arg) })
		r.word(start-1, "as")
	}
	i = r.typeName(c.TypeName, start)
	if r.is(start, "interval") && r.Tokens[start].Kind == rewrite.Word && !isSign(r.Source, start+1, "(") {
		i = r.intervalFields(i)
	}
	r.bounds(c.TypeName, i)
}

// keywordTypes are the types that are keywords, by what they stand for without length or precision.
var keywordTypes = map[string]string{
	"int": "int4", "integer": "int4", "smallint": "int2", "bigint": "int8", "real": "float4", "float": "float8", "decimal": "numeric", "dec": "numeric",
	"numeric": "numeric", "boolean": "bool", "bit": "bit", "character": "bpchar", "char": "bpchar", "nchar": "bpchar", "varchar": "varchar",
	"national": "bpchar", "timestamp": "timestamp", "time": "time", "interval": "interval", "json": "json",
}

// typeName reads the name of a type that begins at i, and returns what follows it and its length or precision. The
// brackets of an array are left to bounds.
func (r *reader) typeName(t *ast.TypeName, i int) int {
	r.require(r.token(t.Location) == i && t.TypeOid == 0 && !t.PctType, i)
	if t.Setof {
		r.refuse(rewrite.CodeConstruct, r.Tokens[i].Span, "SETOF is not read here")
	}
	names := r.texts(t.Names)
	start := i
	var builtIn bool
	if want, ok := keywordTypes[r.Tokens[i].Value]; ok && r.Tokens[i].Kind == rewrite.Word {
		i = r.keywordType(i, &want)
		r.require(len(names) == 2 && names[0] == "pg_catalog" && names[1] == want, start)
		builtIn = true
	} else if r.is(i, "double") && r.is(i+1, "precision") {
		i = r.words(i, "double", "precision")
		r.require(len(names) == 2 && names[0] == "pg_catalog" && names[1] == "float8", start)
		builtIn = true
	} else {
		i = r.names(i, names)
		builtIn = (len(names) == 1 || len(names) == 2 && names[0] == "pg_catalog") && types[names[len(names)-1]]
	}
	if !builtIn {
		r.userType(names, r.span(start, i))
	}
	return r.modifiers(i)
}

// userType leaves a type that is not the server's own to the map. One that names tables or other things of the catalog is
// refused.
func (r *reader) userType(names []string, span rewrite.Span) {
	last := names[len(names)-1]
	switch {
	case namingTypes[last] && (len(names) == 1 || names[0] == "pg_catalog"):
		r.refuse(rewrite.CodeNamesTable, span, "the type %s names things of the catalog", last)
	case len(names) == 2 && (names[0] == "pg_catalog" || names[0] == "information_schema"), len(names) > 2:
		r.refuse(rewrite.CodeConstruct, span, "the type %s is not on the list", last)
	}
	r.Calls = append(r.Calls, rewrite.Call{Span: span, Name: names, Type: true})
}

// keywordType claims the words of a type, such as TIMESTAMP (3) WITH TIME ZONE, and says what it stands for.
func (r *reader) keywordType(i int, want *string) int {
	word := r.Tokens[i].Value
	r.claim(i)
	i++
	switch word {
	case "national":
		r.word(i, "character", "char")
		i++
		fallthrough
	case "character", "char", "nchar":
		if r.is(i, "varying") {
			*want = "varchar"
			i = r.words(i, "varying")
		}
	case "bit":
		if r.is(i, "varying") {
			*want = "varbit"
			i = r.words(i, "varying")
		}
	case "float":
		if isSign(r.Source, i, "(") && isSign(r.Source, i+2, ")") && len(r.Tokens[i+1].Value) <= 2 {
			if p := r.Tokens[i+1].Value; len(p) == 1 || p <= "24" {
				*want = "float4"
			}
		}
	case "timestamp", "time":
		i = r.modifiers(i)
		switch {
		case r.is(i, "with") && r.is(i+1, "time"):
			*want += "tz"
			i = r.words(i, "with", "time", "zone")
		case r.is(i, "without") && r.is(i+1, "time"):
			i = r.words(i, "without", "time", "zone")
		}
	}
	return i
}

// modifiers claims the numbers in parentheses after a type's name. Other modifiers belong to types of extensions.
func (r *reader) modifiers(i int) int {
	if !isSign(r.Source, i, "(") {
		return i
	}
	after := r.after(i)
	for j := i + 1; j < after-1; j++ {
		switch t := r.Tokens[j]; {
		case t.Kind == rewrite.Number, isSign(r.Source, j, "-"):
			r.claim(j)
		case !isSign(r.Source, j, ","):
			r.refuse(rewrite.CodeConstruct, t.Span, "a type modifier that is no number")
		}
	}
	return after
}

// bounds claims the brackets of an array type.
func (r *reader) bounds(t *ast.TypeName, i int) int {
	n := 0
	if len(t.ArrayBounds) == 1 && r.is(i, "array") {
		r.claim(i)
		i++
		n = len(t.ArrayBounds)
	}
	for ; isSign(r.Source, i, "["); n++ {
		after := r.after(i)
		r.claim(i)
		for j := i + 1; j < after-1; j++ {
			r.require(r.Tokens[j].Kind == rewrite.Number, j)
			r.claim(j)
		}
		i = after
	}
	r.require(n >= len(t.ArrayBounds) && (n == 0) == (len(t.ArrayBounds) == 0), i)
	return i
}

// intervalFields claims YEAR TO MONTH and its like after INTERVAL.
func (r *reader) intervalFields(i int) int {
	fields := []string{"year", "month", "day", "hour", "minute", "second"}
	if !r.is(i, fields...) {
		return i
	}
	// An alias may be called so, too. It is claimed before the expression that it follows.
	if r.claimed[i] {
		return i
	}
	r.claim(i)
	i++
	if r.is(i, "to") {
		r.claim(i)
		r.word(i+1, fields...)
		i += 2
	}
	return r.modifiers(i)
}
