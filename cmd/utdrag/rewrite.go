package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
	"github.com/utdrag/utdrag/filter/rewrite"
	"github.com/utdrag/utdrag/mask/value"
)

// asked is a query as the command line gives it.
type asked struct {
	inputs
	expression string
	strict     bool
}

// queryName is how diagnostics call a query.
const queryName = "query"

func (a *asked) flags(c *cobra.Command) {
	a.mapFlag(c)
	a.orderFlags(c)
	a.maskKeyFlag(c)
	c.Flags().StringVarP(&a.expression, "expression", "e", "", "the query itself, `SQL`, instead of a file")
	c.Flags().BoolVar(&a.strict, "strict", false, "stage the provider's rows in work tables, and run the query over those alone")
}

// oneQuery demands a file, or - for standard input, unless the query is given by -e.
func (a *asked) oneQuery(c *cobra.Command, args []string) error {
	if a.expression != "" && len(args) > 0 {
		return misuse(codeUsage, "choose one", "a query is given by -e or in a file, not both")
	}
	if a.expression == "" {
		return exactly(1, "a query: a file, - for standard input, or -e SQL")(c, args)
	}
	return nil
}

// query reads the text of the query.
func (u *ui) query(a *asked, args []string) (string, error) {
	text := a.expression
	switch {
	case text != "":
	case args[0] == "-":
		read, err := io.ReadAll(io.LimitReader(u.stdin, rewrite.MaxLength+1))
		if err != nil {
			return "", unreadable("standard input", err)
		}
		text = string(read)
	default:
		read, err := readFile("the query "+args[0], args[0], rewrite.MaxLength+1)
		if err != nil {
			return "", err
		}
		text = string(read)
	}
	u.maps[queryName] = mapText{path: queryName, text: []byte(text)}
	return text, nil
}

// filter makes the filter of the order.
func (u *ui) filter(ctx context.Context, a *asked) (*filter.Filter, error) {
	m, err := u.readMap(a.mapFile)
	if err != nil {
		return nil, err
	}
	key, err := u.masking(a.maskKey)
	if err != nil {
		return nil, err
	}
	c, err := a.takeCatalog(ctx)
	if err != nil {
		return nil, err
	}
	f, found := filter.New(m, c, a.request, filter.Options{Key: key, Strict: a.strict})
	if found.Refused() {
		return nil, found
	}
	u.diagnostics(found)
	return f, nil
}

func newRewrite(u *ui) *cobra.Command {
	a, receipt, asJSON := &asked{}, false, false
	c := &cobra.Command{
		Use:   "rewrite --map FILE (--source URL | --catalog FILE) --provider ID (-e SQL | FILE | -)",
		Short: "confine a query to one care provider",
		Long: `Rewrite takes one SELECT and prints it so that it sees one care provider's rows and
no others, with their masks, as a copy would hold them. Every table it names becomes
a derived table of the rows that may be seen. What is not known to be safe is
refused with a code, its place, and what to write instead; the codes are explained
in filter/rewrite/REFUSALS.md.

The query is in the dialect of the database. It is not run, and needs no database
where there is a catalog file.

What comes out: the query, and in front of it, as comments, the arguments that must
be bound and for which placeholder; where all are ?, they come before the query's
own. With --receipt also what became of every table that it names. A masking key is
never printed. Statements that must come first, and those that must follow, stand
where they are due, with the arguments of their own.

` + exitCodes,
		Example: `  utdrag rewrite --map journal.hcl --catalog catalog.json --provider SE5500000020-1000 \
      -e 'SELECT COUNT(*) FROM Visit'
  utdrag rewrite --map journal.hcl --source sqlite:journal.db --provider SE5500000020-1000 \
      --receipt report.sql`,
		Args: a.oneQuery,
		RunE: func(c *cobra.Command, args []string) error {
			if err := demand(c, "map", "source|catalog", "provider"); err != nil {
				return err
			}
			return u.rewrite(c.Context(), a, args, receipt, asJSON)
		},
	}
	a.flags(c)
	a.sourceFlag(c, "the database, a `URL`: "+databases)
	a.catalogFlag(c)
	c.Flags().BoolVar(&receipt, "receipt", false, "say what confined each table that the query names")
	c.Flags().BoolVar(&asJSON, "json", false, "print the query, its arguments and the receipt as JSON")
	return c
}

func (u *ui) rewrite(ctx context.Context, a *asked, args []string, receipt, asJSON bool) error {
	text, err := u.query(a, args)
	if err != nil {
		return err
	}
	f, err := u.filter(ctx, a)
	if err != nil {
		return err
	}
	q, err := f.Rewrite(text)
	if err != nil {
		return err
	}
	if asJSON {
		return u.printJSON(rewritten(&q))
	}
	u.diagnostics(q.Warnings)
	if receipt {
		for _, r := range q.Receipt {
			u.comment("%s", receiptLine(r))
		}
	}
	for _, s := range q.Setup {
		u.step(s)
	}
	for i, arg := range q.Args {
		u.comment("argument %s: %s", q.Placeholder(i+1), argument(arg))
	}
	if len(q.Setup) == 0 {
		u.sql(q.SQL + "\n")
		return nil
	}
	u.sql(q.SQL + ";\n")
	for _, s := range q.Teardown {
		u.step(s)
	}
	return nil
}

// step prints a statement that comes before or after the query.
func (u *ui) step(s filter.Step) {
	for i, arg := range s.Args {
		u.comment("argument %d: %s", i+1, argument(arg))
	}
	switch s.Kind {
	case filter.StepCheck:
		u.comment("must yield %d, or else: %s", s.Expect, s.Message)
	case filter.StepFixpoint:
		u.comment("while this yields 1, repeat what stands until the end of the repetition")
	}
	u.sql(s.SQL + ";\n")
	for _, round := range s.Rounds {
		u.step(round)
	}
	if s.Kind == filter.StepFixpoint {
		u.comment("end of the repetition")
	}
}

// sql prints SQL as it is: a query whose literals were made fit to be seen would be another query. Only a terminal gets it so.
func (u *ui) sql(text string) {
	if isTerminal(u.out.w) {
		text = clean(text)
	}
	_, _ = io.WriteString(u.out, text) // latched
}

// comment prints a line that no SQL reader takes for more than a comment.
func (u *ui) comment(format string, args ...any) {
	u.print("-- %s\n", inLine(fmt.Sprintf(format, args...)))
}

// inLine shows the ends of lines in a text, and keeps to one.
func inLine(text string) string {
	return strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text)
}

// argument shows a bound argument. Bytes are the masking key's.
func argument(v value.Value) string {
	switch v.Form() {
	case value.Int:
		return strconv.FormatInt(v.Int(), 10)
	case value.Text:
		return "'" + strings.ReplaceAll(v.Text(), "'", "''") + "'"
	}
	return "made of the masking key, and secret"
}

func receiptLine(r rewrite.Reference) string {
	line := r.At.String() + " " + r.Table
	if r.Alias != "" {
		line += " as " + r.Alias
	}
	if len(r.Through) > 0 {
		line += " through " + strings.Join(r.Through, ", ")
	}
	line += ": " + r.Rule + ": " + r.Confined
	if len(r.Masks) > 0 {
		line += "; masked " + strings.Join(r.Masks, ", ")
	}
	return line
}

// rewrittenJSON is a rewritten query for programs.
type rewrittenJSON struct {
	SQL       string              `json:"sql"`
	Arguments []argumentJSON      `json:"arguments"`
	Columns   []string            `json:"columns"`
	Receipt   []rewrite.Reference `json:"receipt"`
	Warnings  diag.List           `json:"warnings"`
	Before    []statementJSON     `json:"before,omitempty"`
	After     []statementJSON     `json:"after,omitempty"`
}

type argumentJSON struct {
	Placeholder string `json:"placeholder,omitempty"`
	Name        string `json:"name,omitempty"`
	// Value is absent for what is made of the masking key.
	Value *string `json:"value,omitempty"`
}

type statementJSON struct {
	Kind      filter.StepKind `json:"kind"`
	SQL       string          `json:"sql"`
	Arguments []argumentJSON  `json:"arguments,omitempty"`
	// Expect is what a check must yield.
	Expect  *int64          `json:"expect,omitempty"`
	Comment string          `json:"comment,omitempty"`
	Rounds  []statementJSON `json:"rounds,omitempty"`
}

func rewritten(q *filter.Query) rewrittenJSON {
	out := rewrittenJSON{SQL: q.SQL, Arguments: []argumentJSON{}, Columns: q.Columns, Receipt: q.Receipt, Warnings: q.Warnings, Before: statements(q.Setup), After: statements(q.Teardown)}
	for i, arg := range q.Args {
		a := argumentOf(arg)
		a.Placeholder, a.Name = q.Placeholder(i+1), q.ArgumentName(i+1)
		out.Arguments = append(out.Arguments, a)
	}
	if out.Columns == nil {
		out.Columns = []string{}
	}
	if out.Receipt == nil {
		out.Receipt = []rewrite.Reference{}
	}
	if out.Warnings == nil {
		out.Warnings = diag.List{}
	}
	return out
}

func argumentOf(v value.Value) argumentJSON {
	var text string
	switch v.Form() {
	case value.Int:
		text = strconv.FormatInt(v.Int(), 10)
	case value.Text:
		text = v.Text()
	default:
		return argumentJSON{}
	}
	return argumentJSON{Value: &text}
}

func statements(steps []filter.Step) []statementJSON {
	var all []statementJSON
	for _, s := range steps {
		one := statementJSON{Kind: s.Kind, SQL: s.SQL, Comment: s.Comment, Rounds: statements(s.Rounds)}
		for _, arg := range s.Args {
			one.Arguments = append(one.Arguments, argumentOf(arg))
		}
		if s.Kind == filter.StepCheck {
			one.Expect = &s.Expect
		}
		all = append(all, one)
	}
	return all
}
