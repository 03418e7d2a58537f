package tsql

import (
	"strings"

	"github.com/sqlc-dev/teesql/ast"

	"github.com/utdrag/utdrag/filter/rewrite"
)

// expression walks a value.
func (w *walker) expression(e ast.ScalarExpression, c place) {
	w.enter()
	defer w.leave()
	var right []ast.ScalarExpression // a sum of a thousand leans to the left that deep
	for {
		b, ok := e.(*ast.BinaryExpression)
		if !ok {
			break
		}
		right = append(right, b.SecondExpression)
		e = b.FirstExpression
	}
	w.operand(e, c)
	for i := len(right) - 1; i >= 0; i-- {
		w.expression(right[i], c)
	}
}

// operand walks a value that is no sum or the like.
func (w *walker) operand(e ast.ScalarExpression, c place) {
	switch n := e.(type) {
	case *ast.ColumnReferenceExpression:
		w.column(n, c)
	case *ast.StringLiteral, *ast.IntegerLiteral, *ast.NumericLiteral, *ast.RealLiteral, *ast.MoneyLiteral, *ast.BinaryLiteral:
		w.literal(n.(spanned))
	case *ast.OdbcLiteral:
		i := w.at(n) + 2 // {d '…'}
		if !w.kind(i, rewrite.String) {
			w.unknown(n)
		}
		w.covered[i] = true
	case *ast.NullLiteral:
	case *ast.VariableReference:
		i := w.at(n)
		if !w.kind(i, rewrite.Variable) {
			w.refuse(rewrite.CodeUnaccounted, i, "a parameter that was read in two ways")
		}
		w.covered[i] = true
	case *ast.ParameterlessCall:
		if n.ParameterlessCallType != "CurrentTimestamp" && n.ParameterlessCallType != "CurrentDate" {
			w.refuse(rewrite.CodeFunction, w.at(n), "a function of the session")
		}
		w.empty(n, n.Collation)
	case *ast.UnaryExpression:
		w.expression(n.Expression, c)
	case *ast.ParenthesisExpression:
		w.expression(n.Expression, c)
	case *ast.ScalarSubquery:
		w.empty(n, n.Collation)
		w.query(n.QueryExpression, c.scope, c.predicate)
	case *ast.SearchedCaseExpression:
		w.empty(n, n.Collation)
		for _, when := range n.WhenClauses {
			w.condition(when.WhenExpression, c)
			w.expression(when.ThenExpression, c)
		}
		w.optional(n.ElseExpression, c)
	case *ast.SimpleCaseExpression:
		w.empty(n, n.Collation)
		w.expression(n.InputExpression, c)
		for _, when := range n.WhenClauses {
			w.expression(when.WhenExpression, c)
			w.expression(when.ThenExpression, c)
		}
		w.optional(n.ElseExpression, c)
	case *ast.AtTimeZoneCall:
		w.expression(n.DateValue, c)
		w.expression(n.TimeZone, c)
	case *ast.FunctionCall:
		w.function(n, c)
	default:
		w.special(e, c)
	}
}

func (w *walker) optional(e ast.ScalarExpression, c place) {
	if e != nil {
		w.expression(e, c)
	}
}

func (w *walker) arguments(list []ast.ScalarExpression, c place) {
	for _, e := range list {
		w.expression(e, c)
	}
}

// special walks the calls that are nodes of their own.
func (w *walker) special(e ast.ScalarExpression, c place) {
	conversion := func(name string, to ast.DataTypeReference, collation *ast.Identifier, parts ...ast.ScalarExpression) {
		w.seen[name]++
		w.empty(e, collation)
		w.dataType(to)
		for _, p := range parts {
			w.optional(p, c)
		}
	}
	switch n := e.(type) {
	case *ast.CastCall:
		conversion("CAST", n.DataType, n.Collation, n.Parameter)
	case *ast.TryCastCall:
		conversion("TRY_CAST", n.DataType, n.Collation, n.Parameter)
	case *ast.ConvertCall:
		conversion("CONVERT", n.DataType, n.Collation, n.Parameter, n.Style)
	case *ast.TryConvertCall:
		conversion("TRY_CONVERT", n.DataType, n.Collation, n.Parameter, n.Style)
	case *ast.ParseCall:
		conversion("PARSE", n.DataType, nil, n.StringValue, n.Culture)
	case *ast.TryParseCall:
		conversion("TRY_PARSE", n.DataType, nil, n.StringValue, n.Culture)
	case *ast.CoalesceExpression:
		w.seen["COALESCE"]++
		w.arguments(n.Expressions, c)
	case *ast.NullIfExpression:
		w.seen["NULLIF"]++
		w.expression(n.FirstExpression, c)
		w.expression(n.SecondExpression, c)
	case *ast.IIfCall:
		w.seen["IIF"]++
		w.condition(n.Predicate, c)
		w.expression(n.ThenExpression, c)
		w.expression(n.ElseExpression, c)
	case *ast.LeftFunctionCall:
		w.seen["LEFT"]++
		w.arguments(n.Parameters, c)
	case *ast.RightFunctionCall:
		w.seen["RIGHT"]++
		w.arguments(n.Parameters, c)
	case *ast.PartitionFunctionCall:
		w.refuse(rewrite.CodePseudo, 0, "$PARTITION tells where a row is stored")
	case *ast.NextValueForExpression:
		w.refuse(rewrite.CodeFunction, 0, "NEXT VALUE FOR changes a sequence")
	case *ast.IdentityFunctionCall:
		w.refuse(rewrite.CodeWrites, 0, "IDENTITY stands in SELECT INTO only")
	default:
		w.unknown(e)
	}
}

// column walks a reference to a column.
func (w *walker) column(n *ast.ColumnReferenceExpression, c place) {
	if n.ColumnType != "Regular" || n.MultiPartIdentifier == nil || len(n.MultiPartIdentifier.Identifiers) == 0 {
		at := 0
		if n.HasSpan() {
			at = w.at(n)
		}
		if n.ColumnType == "Wildcard" {
			w.refuse(rewrite.CodeConstruct, at, "* where a value is due")
		}
		w.refuse(rewrite.CodePseudo, at, "a pseudo column")
	}
	w.empty(n, n.Collation)
	w.columnAt(w.names(n.MultiPartIdentifier.Identifiers), c)
}

// columnAt records a reference to a column whose parts are these tokens.
func (w *walker) columnAt(parts []int, c place) {
	span := w.span(parts[0], parts[len(parts)-1]+1)
	qualifier := rewrite.Span{Start: span.Start, End: span.Start}
	if len(parts) > 1 {
		qualifier = w.span(parts[0], parts[len(parts)-2]+1)
	}
	w.out.Columns = append(w.out.Columns, rewrite.Column{Span: span, Parts: w.values(parts), Qualifier: qualifier, Scope: c.scope, Predicate: c.predicate})
}

// function walks a call.
func (w *walker) function(n *ast.FunctionCall, c place) {
	w.empty(n, n.Collation, n.WithArrayWrapper)
	at := w.at(n.FunctionName)
	if !w.is(at+1, "(") {
		w.refuse(rewrite.CodeUnaccounted, at, "a call that was read in two ways")
	}
	name := w.upper[at]
	w.covered[at], w.callable[at] = true, true
	parameters := n.Parameters
	switch target := n.CallTarget.(type) {
	case nil:
		switch {
		case namesTable[name]:
			w.refuse(rewrite.CodeNamesTable, at, "%s takes the name of a table", name)
		case !functions[name]: // there is no function of a user's without a schema, so this could only be one of the server's
			w.refuse(rewrite.CodeFunction, at, "the function is not on the list")
		case dateFunctions[name]:
			parameters = w.datePart(at, parameters)
		case name == "COUNT" || name == "COUNT_BIG":
			if star, ok := only(parameters).(*ast.ColumnReferenceExpression); ok && star.ColumnType == "Wildcard" && w.is(w.at(star), "*") {
				parameters = nil
			}
		case name == "CHECKSUM" || name == "BINARY_CHECKSUM":
			if star, ok := only(parameters).(*ast.ColumnReferenceExpression); ok && star.ColumnType == "Wildcard" && w.is(w.at(star), "*") {
				w.everyColumn(w.at(star), c)
				parameters = nil
			}
		}
	case *ast.MultiPartIdentifierCallTarget:
		parts := append(w.names(target.MultiPartIdentifier.Identifiers), at)
		if parts[len(parts)-2] != at-2 || !w.is(at-1, ".") || !w.isName(at) {
			w.refuse(rewrite.CodeConstruct, at, "a name with an empty part")
		}
		if methods[w.Tokens[at].Value] > 0 {
			w.method(parts, parameters, c)
			parameters = nil
			break
		}
		if len(parts) > 2 {
			w.refuse(rewrite.CodeElsewhere, parts[0], "a function of another database, or a method of a type")
		}
		if schema := fold(w.Tokens[parts[0]].Value); schema == "sys" || schema == "information_schema" {
			w.refuse(rewrite.CodeSystem, parts[0], "a function of the system's")
		}
		w.out.Calls = append(w.out.Calls, rewrite.Call{Span: w.span(parts[0], at+1), Name: w.values(parts)})
		parameters = withoutDefaults(parameters)
	case *ast.ExpressionCallTarget:
		w.expression(target.Expression, c)
		w.xquery(at, parameters)
		parameters = nil
	default:
		w.unknown(n)
	}
	w.arguments(parameters, c)
	for _, p := range n.JsonParameters {
		w.expression(p.JsonKeyName, c)
		w.expression(p.JsonValue, c)
	}
	if group := n.WithinGroupClause; group != nil {
		w.empty(group, group.HasGraphPath)
		w.orderBy(group.OrderByClause, c)
	}
	w.over(n.OverClause, c)
}

func only(list []ast.ScalarExpression) ast.ScalarExpression {
	if len(list) != 1 {
		return nil
	}
	return list[0]
}

// withoutDefaults leaves out the arguments DEFAULT of a function that somebody defined.
func withoutDefaults(parameters []ast.ScalarExpression) []ast.ScalarExpression {
	var given []ast.ScalarExpression
	for _, p := range parameters {
		if _, ok := p.(*ast.DefaultLiteral); !ok {
			given = append(given, p)
		}
	}
	return given
}

// datePart accounts for the part of a date that comes first, and returns the other arguments.
func (w *walker) datePart(at int, parameters []ast.ScalarExpression) []ast.ScalarExpression {
	if !dateParts[w.upperAt(at+2)] || !w.is(at+3, ",") || len(parameters) < 2 {
		w.refuse(rewrite.CodeSyntax, at, "a part of a date is due first")
	}
	w.covered[at+2] = true
	return parameters[1:]
}

// methods are those of the type xml, and how many literals each takes. Their names are in lower case only.
var methods = map[string]int{"value": 2, "query": 1, "exist": 1, "nodes": 1}

// xquery walks the arguments of a method of XML: literals that can't reach outside of the value.
func (w *walker) xquery(at int, parameters []ast.ScalarExpression) {
	if n := methods[w.Tokens[at].Value]; n == 0 || n != len(parameters) {
		w.refuse(rewrite.CodeFunction, at, "a method that is not on the list")
	}
	for _, p := range parameters {
		literal, ok := p.(*ast.StringLiteral)
		if !ok {
			w.refuse(rewrite.CodeFunction, at, "a method of XML takes a literal")
		}
		// sql:column and sql:variable lead out of the value, by a name that no reader here sees.
		text := strings.ToLower(w.Tokens[w.literal(literal)].Value)
		if strings.Contains(text, "sql:") || strings.Contains(text, "xml-sql") || strings.Contains(text, "declare") && strings.Contains(text, "&") {
			w.refuse(rewrite.CodeConstruct, at, "sql:column and sql:variable inside XQuery are not allowed")
		}
	}
}

// method walks a method of an XML column. The same text could call a function of a schema, so it must begin with an alias, or
// be a column that an alias gives its name.
func (w *walker) method(parts []int, parameters []ast.ScalarExpression, c place) {
	at := parts[len(parts)-1]
	known := false
	switch first := w.Tokens[parts[0]].Value; len(parts) {
	case 2:
		known = w.inScope(c.scope, func(f rewrite.From) bool { return contains(f.Renamed, first) })
	case 3:
		known = w.inScope(c.scope, func(f rewrite.From) bool { return f.Alias == first })
	}
	switch fold(w.Tokens[parts[0]].Value) {
	case "dbo", "sys", "information_schema", "master", "msdb": // no alias makes a column of these
		known = false
	}
	if !known {
		w.refuse(rewrite.CodeFunction, parts[0], "a method of a column that is not qualified by an alias")
	}
	for _, p := range parts[:len(parts)-1] {
		w.covered[p] = true
	}
	w.columnAt(parts[:len(parts)-1], c)
	w.xquery(at, parameters)
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// inScope looks for a source that a block can see.
func (w *walker) inScope(scope int, match func(rewrite.From) bool) bool {
	for ; scope >= 0; scope = w.out.Scopes[scope].Parent {
		for _, f := range w.out.Scopes[scope].Sources {
			if match(f) {
				return true
			}
		}
	}
	return false
}

// dataType walks the name of a type.
func (w *walker) dataType(d ast.DataTypeReference) {
	var name *ast.SchemaObjectName
	var parameters []ast.ScalarExpression
	switch n := d.(type) {
	case *ast.SqlDataTypeReference:
		name, parameters = n.Name, n.Parameters
	case *ast.XmlDataTypeReference:
		w.empty(n, n.XmlSchemaCollection)
		name = n.Name
	case *ast.UserDataTypeReference:
		name, parameters = n.Name, n.Parameters
	default:
		w.unknown(d)
	}
	if name == nil || len(name.Identifiers) == 0 {
		w.unknown(d)
	}
	first := w.at(name.Identifiers[0])
	last := first
	if types[w.upper[first]] && len(name.Identifiers) == 1 {
		w.covered[first] = true
	} else {
		parts := w.names(name.Identifiers)
		last = parts[len(parts)-1]
		if len(parts) > 2 {
			w.refuse(rewrite.CodeElsewhere, first, "a type of another database")
		}
		w.out.Calls = append(w.out.Calls, rewrite.Call{Span: w.span(first, last+1), Name: w.values(parts), Type: true})
	}
	if w.is(last+1, "VARYING", "PRECISION") {
		last++
		w.covered[last] = true
	}
	w.callable[last] = true
	for _, p := range parameters {
		if max, ok := p.(*ast.MaxLiteral); ok {
			w.covered[w.at(max)] = true
			continue
		}
		literal, ok := p.(*ast.IntegerLiteral)
		if !ok {
			w.unknown(p)
		}
		w.literal(literal)
	}
}
