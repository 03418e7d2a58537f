package rewrite

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
)

// Resolver says what may be seen of what a query names.
type Resolver interface {
	// Relation finds a table or view by the parts of its name. The error is a [*Refused].
	Relation(name []string) (*Relation, error)
	// Function reports whether a function that is not the dialect's own may be called, and Type the same for a type.
	Function(name []string) bool
	Type(name []string) bool
	// Definitions are the common table expressions that texts of relations refer to, each before those that use it.
	Definitions(texts []string) []Definition
	// Quote quotes an identifier.
	Quote(name string) string
}

// CallNamer is a Resolver that writes out which function or type a call means. Without it, or where it returns "", the name stays as
// it is, and the session decides.
type CallNamer interface {
	CallName(name []string) string
}

// Refused is a Resolver's reason for a refusal. Advice may be "", for the code's own.
type Refused struct {
	Code            Code
	Summary, Advice string
}

func (r *Refused) Error() string { return string(r.Code) + ": " + r.Summary }

// Relation is a table or view, and what may be seen of it.
type Relation struct {
	// Label is the full name, and Schema the schema's.
	Label, Schema string
	// Columns are those that the query sees.
	Columns []Visible
	// Rows writes the SELECT of a table's visible rows. The error is a [*Refused].
	Rows func(Use) (string, error)
	// View is the definition of a view to expand, for a relation without Rows.
	View string
	// Confined says in words what decides which rows are seen, and Rule in one word: "anchor", "path", "reference", "empty".
	Confined, Rule string
	// Masks are the masked columns with their masks, as in `PersonId: hash("person")`.
	Masks []string
	// Warnings are what should be known of the table wherever it is used.
	Warnings []Refused
}

// Use is how a query uses a table.
type Use struct {
	// Before and After belong to the base table, before and after its alias.
	Before, After string
	// History is set where former rows are asked for.
	History bool
	// Column reports whether the query may name a column. What it can't name needn't be there.
	Column func(name string) bool
}

// Visible is a column of a relation.
type Visible struct {
	Name string
	// Computed is the expression of a computed column, or "".
	Computed string
	// Masked is the mask's text, or "". Deterministic is set where equal originals stay equal, and others apart.
	Masked        string
	Deterministic bool
}

// Result is a confined query.
type Result struct {
	SQL string
	// Columns are the names of the result's columns. An expression that the engine names itself has "".
	Columns []string
	Receipt []Reference
	// Warnings don't stop the query.
	Warnings diag.List
	// Theirs are the query's own parameters, and Used the numbers of the resolver's placeholders that the text has, in the
	// order of the bound arguments that it needs for them.
	Theirs []Parameter
	Used   []int
}

// Reference is what became of one reference to a table.
type Reference struct {
	// At is where the query names it. A reference in an expanded view stands where the query names the view, and Through
	// has the views' names, outermost first.
	At      diag.Range `json:"at"`
	Through []string   `json:"through,omitempty"`
	Table   string     `json:"table"`
	Alias   string     `json:"alias,omitempty"`
	// Rule is "anchor", "path", "reference", "empty" or "view", and Confined the same in words.
	Rule     string   `json:"rule"`
	Confined string   `json:"confined"`
	Masks    []string `json:"masks,omitempty"`
}

// mark begins and ends the number of one of our own parameters, until it is known how many the query has. No text that a
// reader accepts holds it.
const mark = "\x00"

// Placeholder stands for one of our own bound arguments in the texts of a Resolver.
func Placeholder(number int) string { return mark + strconv.Itoa(number) + mark }

// Confine rewrites a query so that it sees nothing but what the resolver shows. The error is a diag.List.
//
// proofs may be nil. It is kept between queries by who asks for many.
func Confine(syntax Syntax, sql string, resolver Resolver, proofs *Proofs) (*Result, error) {
	if proofs == nil {
		proofs = &Proofs{}
	}
	return confine(syntax, sql, resolver, proofs)
}

// Replace is Confine without the check of its own answer. It is for a query that Confine has passed with another resolver:
// the texts of this one may be what no reader accepts, such as work tables.
func Replace(syntax Syntax, sql string, resolver Resolver) (*Result, error) {
	return confine(syntax, sql, resolver, nil)
}

func confine(syntax Syntax, sql string, resolver Resolver, proofs *Proofs) (*Result, error) {
	st, err := syntax.Read(sql)
	if err != nil {
		return nil, err
	}
	c := &confiner{syntax: syntax, resolver: resolver, proofs: proofs, views: map[string]*Relation{}}
	if err := c.reserved(st); err != nil {
		return nil, err
	}
	edits, relations, err := c.statement(st, nil)
	if err != nil {
		return nil, err
	}
	theirs, err := c.parameters(st)
	if err != nil {
		return nil, err
	}
	edits.With = slices.Concat(resolver.Definitions(slices.Concat(edits.Tables, c.bodies)), c.expanded)
	used := c.number(edits, theirs)
	put := c.text
	if proofs != nil {
		put = c.render
	}
	text, err := put(st, edits)
	if err != nil {
		return nil, err
	}
	c.receipt.order()
	c.warnings.Sort()
	return &Result{SQL: text, Columns: c.columns(st, relations, st.Output, 0), Receipt: c.receipt, Warnings: slices.Compact(c.warnings), Theirs: st.Parameters, Used: used}, nil
}

// confiner is one Confine at work.
type confiner struct {
	syntax   Syntax
	resolver Resolver
	proofs   *Proofs
	// views are the relations of expanded views by label; nil while one is being expanded.
	views map[string]*Relation
	// expanded are the definitions of views, and bodies their SELECTs.
	expanded []Definition
	bodies   []string
	count    int
	receipt  references
	warnings diag.List
	// home is the schema of the view that is being expanded.
	home string
	// names are the columns that a statement may name.
	names struct {
		of  *Statement
		has func(string) bool
	}
	// at is where the view that is being expanded is named.
	at *diag.Range
}

type references []Reference

// order sorts by place in the query; references within one view stay in the view's order.
func (r references) order() {
	slices.SortStableFunc(r, func(a, b Reference) int { return a.At.Start.Byte - b.At.Start.Byte })
}

// reserved refuses names of ours.
func (c *confiner) reserved(st *Statement) error {
	for _, t := range st.Tokens {
		name := strings.TrimLeft(t.Value, "@:$?")
		if (t.Kind == Word || t.Kind == Quoted || t.Kind == Variable) && len(name) >= len(Reserved) && strings.EqualFold(name[:len(Reserved)], Reserved) {
			return st.Refuse(CodeReserved, t.Span, "a name of the query begins with "+Reserved)
		}
	}
	return nil
}

// statement finds what takes the place of every table, and refuses what the resolver doesn't allow.
func (c *confiner) statement(st *Statement, through []string) (edits Edits, relations []*Relation, err error) {
	if c.count += len(st.Tables); c.count > MaxTables {
		return edits, nil, c.refuse(st, CodeSize, Span{}, "the query and its views refer to tables more than %d times", MaxTables)
	}
	for _, p := range st.Pseudo {
		return edits, nil, c.refuse(st, CodePseudo, p, "%s is a pseudo column", st.Slice(p))
	}
	edits.Calls = map[int]string{}
	for i, call := range st.Calls {
		if err := c.call(st, call); err != nil {
			return edits, nil, err
		}
		if n, ok := c.resolver.(CallNamer); ok {
			if text := n.CallName(call.Name); text != "" {
				edits.Calls[i] = text
			}
		}
	}
	relations = make([]*Relation, len(st.Tables))
	edits.Tables = make([]string, len(st.Tables))
	for i := range st.Tables {
		t := &st.Tables[i]
		relation, err := c.relation(t.Name)
		if err != nil {
			return edits, nil, c.because(st, t.Span, err)
		}
		relations[i] = relation
		if edits.Tables[i], err = c.table(st, t, relation, through); err != nil {
			return edits, nil, err
		}
	}
	if err := c.aliases(st); err != nil {
		return edits, nil, err
	}
	if err := c.known(st, relations); err != nil {
		return edits, nil, err
	}
	if edits.Qualifiers, err = c.qualifiers(st, relations); err != nil {
		return edits, nil, err
	}
	if through == nil {
		c.masked(st, relations)
	}
	return edits, relations, nil
}

// relation resolves a name. In a view, a name without a schema means the view's own schema first, where the engine has it so:
// a table there is found before one in the default schema.
func (c *confiner) relation(name []string) (*Relation, error) {
	if len(name) == 1 && c.home != "" {
		if relation, err := c.resolver.Relation([]string{c.home, name[0]}); err == nil {
			return relation, nil
		}
	}
	return c.resolver.Relation(name)
}

func (c *confiner) call(st *Statement, call Call) error {
	name := strings.Join(call.Name, ".")
	switch {
	case call.Type:
		if !c.resolver.Type(call.Name) {
			return c.refuse(st, CodeFunction, call.Span, "type %s is not on the list", name)
		}
	case !c.resolver.Function(call.Name):
		if call.Table {
			return c.refuse(st, CodeTableCall, call.Span, "table function %s is not on the list", name)
		}
		return c.refuse(st, CodeFunction, call.Span, "function %s is not on the list", name)
	}
	return nil
}

// table writes the derived table that takes the place of a reference.
func (c *confiner) table(st *Statement, t *Table, relation *Relation, through []string) (string, error) {
	at := st.Range(t.Span)
	if c.at != nil {
		at = *c.at
	}
	entry := Reference{At: at, Through: slices.Clone(through), Table: relation.Label, Alias: t.Alias, Rule: relation.Rule, Confined: relation.Confined, Masks: relation.Masks}
	if t.Bare {
		entry.Alias = ""
	}
	for _, w := range relation.Warnings {
		c.warnings = append(c.warnings, w.Code.Diagnostic(at, w.Summary))
	}
	var rows string
	var err error
	if relation.Rows == nil {
		entry.Rule, entry.Confined = "view", "the tables of its SELECT are confined"
		c.receipt = append(c.receipt, entry)
		if t.Before != "" || t.After != "" || t.History {
			return "", c.refuse(st, CodeHint, t.Span, "hints and periods on a view are not carried into it")
		}
		rows, err = c.view(st, t, relation, at, through)
	} else {
		c.receipt = append(c.receipt, entry)
		rows, err = relation.Rows(Use{Before: t.Before, After: t.After, History: t.History, Column: c.named(st)})
	}
	if err != nil {
		return "", c.because(st, t.Span, err)
	}
	return "(" + rows + ") AS " + t.Text + t.Columns, nil
}

// view expands a view into a common table expression, once for all references to it.
func (c *confiner) view(st *Statement, t *Table, relation *Relation, at diag.Range, through []string) (string, error) {
	known, met := c.views[relation.Label]
	if met && known == nil {
		return "", &Refused{Code: CodeExpansion, Summary: "view " + relation.Label + " leads to itself"}
	}
	var name string
	if !met {
		c.views[relation.Label] = nil
		definition, err := c.expand(relation, at, append(slices.Clone(through), relation.Label))
		if err != nil {
			return "", err
		}
		c.expanded = append(c.expanded, definition)
		c.bodies = append(c.bodies, definition.Body)
		name = definition.Name
		c.views[relation.Label] = &Relation{Label: name}
	} else {
		name = known.Label
	}
	columns := make([]string, len(relation.Columns))
	for i, column := range relation.Columns {
		columns[i] = c.resolver.Quote(column.Name)
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + name, nil
}

func (c *confiner) expand(relation *Relation, at diag.Range, through []string) (Definition, error) {
	cannot := func(why string) error {
		return &Refused{Code: CodeView, Summary: "view " + relation.Label + " can't be expanded: " + why}
	}
	if relation.View == "" {
		return Definition{}, cannot("the catalog doesn't have its text")
	}
	st, names, err := c.syntax.View(relation.View)
	if err != nil {
		return Definition{}, cannot(summary(err))
	}
	if len(st.Parameters) > 0 {
		return Definition{}, cannot("it has parameters")
	}
	if c.reserved(st) != nil {
		return Definition{}, cannot("a name in it begins with " + Reserved)
	}
	if names != nil && len(names) != len(relation.Columns) {
		return Definition{}, cannot("its columns are not those that the catalog has")
	}
	outer, home := c.at, c.home
	c.at, c.home = &at, relation.Schema
	edits, relations, err := c.statement(st, through)
	c.at, c.home = outer, home
	if list, ok := errors.AsType[diag.List](err); ok && len(list) > 0 && list[0].Code == string(CodeMask) {
		return Definition{}, &Refused{Code: CodeMask, Summary: "view " + relation.Label + ": " + list[0].Summary} // to allow the view is no way out
	}
	if err != nil {
		return Definition{}, cannot(summary(err))
	}
	if len(c.columns(st, relations, st.Output, 0)) != len(relation.Columns) {
		return Definition{}, cannot("its columns are not those that the catalog has")
	}
	body, err := c.text(st, edits)
	if err != nil {
		return Definition{}, err
	}
	columns := make([]string, len(relation.Columns))
	for i, column := range relation.Columns {
		columns[i] = c.resolver.Quote(column.Name)
	}
	return Definition{Name: c.resolver.Quote(fmt.Sprintf("%sview_%d", Reserved, len(c.expanded)+1)), Columns: "(" + strings.Join(columns, ", ") + ")", Body: body}, nil
}

// summary is the first thing that an error says, without its place: the text of a view is not what the user wrote.
func summary(err error) string {
	if list, ok := errors.AsType[diag.List](err); ok && len(list) > 0 {
		return list[0].Summary
	}
	if r, ok := errors.AsType[*Refused](err); ok {
		return r.Summary
	}
	return err.Error()
}

func (c *confiner) because(st *Statement, span Span, err error) error {
	r, ok := errors.AsType[*Refused](err)
	if !ok {
		return err
	}
	d := r.Code.Diagnostic(st.Range(span), r.Summary)
	if r.Advice != "" {
		d.Advice = r.Advice
	}
	return diag.List{d}
}

func (c *confiner) refuse(st *Statement, code Code, span Span, format string, args ...any) error {
	return st.Refuse(code, span, format, args...)
}

// parameters returns the highest number of the query's own.
func (c *confiner) parameters(st *Statement) (int, error) {
	highest, named := 0, false
	for _, p := range st.Parameters {
		highest = max(highest, p.Number)
		named = named || p.Number == 0
	}
	if named && highest > 0 {
		return 0, c.refuse(st, CodeParameter, st.Parameters[0].Span, "parameters with names and parameters with numbers are mixed")
	}
	return highest, nil
}

// number writes our own parameters into the edits, in the order in which the text has them, and returns which of the
// resolver's they are. Where parameters have no numbers, each mention is one of its own.
func (c *confiner) number(e Edits, theirs int) []int {
	var used []int
	counted := c.syntax.Parameter(1, 0) != c.syntax.Parameter(2, 0)
	write := func(text string) string {
		if !strings.Contains(text, mark) {
			return text
		}
		pieces := strings.Split(text, mark)
		for i := 1; i < len(pieces); i += 2 {
			n, err := strconv.Atoi(pieces[i])
			if err != nil { // our own texts have numbers there, and no reader lets a mark through
				n = 0
			}
			at := slices.Index(used, n)
			if at < 0 || !counted {
				at = len(used)
				used = append(used, n)
			}
			pieces[i] = c.syntax.Parameter(at+1, theirs)
		}
		return strings.Join(pieces, "")
	}
	for i := range e.With {
		e.With[i].Body = write(e.With[i].Body)
	}
	for i := range e.Tables {
		e.Tables[i] = write(e.Tables[i])
	}
	return used
}
