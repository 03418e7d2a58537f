package main

import (
	"github.com/spf13/cobra"

	"github.com/utdrag/utdrag/filter/diag"
)

// newRoot makes the command tree. Cobra parses and completes; what is said about it is ours.
func newRoot(u *ui) *cobra.Command {
	root := &cobra.Command{
		Use:   "utdrag",
		Short: "take one care provider's data out of a shared database",
		Long: `Utdrag takes one care provider's data out of a database that many care providers
share. A schema map says how each table reaches the care-provider key; what the
map does not name is not copied, and a map that leaves a table out is refused.

Begin with the demonstration, which makes its own sample data:

  utdrag demo

Then, for a database of yours:

  utdrag catalog     what the database itself says of its tables
  utdrag map check   is every table accounted for, and what is still open
  utdrag plan        the copy plan, for people to review
  utdrag extract     the copy, sealed for its recipient
  utdrag verify      is a copy what it should be
  utdrag load        a database of a package, at its recipient
  utdrag query       a query that sees one care provider's rows

And again and again, to order:

  utdrag order       the order form as a file: write, check, show for signing
  utdrag deliver     carry out an order: extract, seal, sign, deliver, log
  utdrag run         what is due of a folder of orders, for cron or a timer
  utdrag log         the disclosure log: who got what, when and why
  utdrag receive     at the care provider: fetch, check, load

` + exitCodes + `

Secrets come from a file, the environment or a prompt, never from a flag.`,
		Args:          noSuchCommand,
		RunE:          group,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(u.stdin)
	root.SetOut(u.out)
	root.SetErr(u.err)
	root.SetFlagErrorFunc(flagError)
	mapCommand := &cobra.Command{
		Use:   "map",
		Short: "check schema maps",
		Long: `A schema map is an HCL file that says how each table of a database reaches the
care-provider key, what is masked, and what is left out and why.`,
		Args: noSuchCommand,
		RunE: group,
	}
	mapCommand.AddCommand(newMapCheck(u))
	root.AddCommand(newDemo(u), mapCommand, newCatalog(u), newPlan(u), newExtract(u), newVerify(u), newOpen(u), newLoad(u), newWhy(u), newRewrite(u), newQuery(u), newOrder(u), newDeliver(u), newRun(u), newLog(u), newReceive(u), newVersion(u))
	root.SetHelpCommand(newHelp(root))
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args, c.RunE = noSuchCommand, group
			c.Short = "write a completion script for bash, zsh, fish or powershell"
		}
	}
	return root
}

const exitCodes = `Exit codes: 0 done, 1 refused or a violation found, 2 wrong usage, map or order,
3 database, network or disk failed.`

// group is a command that only has commands below it.
func group(c *cobra.Command, _ []string) error {
	return misuse(codeMissing, "see "+c.CommandPath()+" --help", "%s needs a command", c.CommandPath())
}

// noSuchCommand refuses the arguments of a command that only has commands below it. It quotes nothing that may be a
// URL.
func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	advice := "see " + c.CommandPath() + " --help"
	var known []string
	for _, below := range c.Commands() {
		known = append(known, below.Name())
	}
	if near := diag.DidYouMean(args[0], known); near != "" {
		advice = near
	}
	if !word.MatchString(args[0]) {
		return misuse(codeUsage, advice, "%s has no such command", c.CommandPath())
	}
	return misuse(codeUsage, advice, "%s has no command %q", c.CommandPath(), args[0])
}

// newHelp is cobra's help command, except that help on what isn't there is an error.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "explain a command",
		Long:  "Help explains a command, as its flag --help does.",
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			of, _, err := root.Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []cobra.Completion
			for _, below := range of.Commands() {
				if below.IsAvailableCommand() {
					names = append(names, cobra.CompletionWithDesc(below.Name(), below.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			of, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				if of == nil {
					of, rest = root, args
				}
				return noSuchCommand(of, rest)
			}
			of.InitDefaultHelpFlag()
			return of.Help()
		},
	}
}
