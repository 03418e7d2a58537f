package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/filter/diag"
)

// inputs are the flags that several commands have.
type inputs struct {
	mapFile, source, catalog string
	request                  filter.Request
	maskKey, passphrase      string
}

func (in *inputs) mapFlag(c *cobra.Command) {
	c.Flags().StringVarP(&in.mapFile, "map", "m", "", "the schema map, an HCL `FILE`")
	completeFiles(c, "map", "hcl")
}

func (in *inputs) sourceFlag(c *cobra.Command, usage string) {
	c.Flags().StringVar(&in.source, "source", "", usage)
	completeURL(c, "source")
}

func (in *inputs) catalogFlag(c *cobra.Command) {
	c.Flags().StringVar(&in.catalog, "catalog", "", "a `FILE` that utdrag catalog wrote, instead of a database")
	completeFiles(c, "catalog", "json")
}

func (in *inputs) orderFlags(c *cobra.Command) {
	c.Flags().StringVar(&in.request.Provider, "provider", "", "the care provider's key, its `ID`")
	c.Flags().StringArrayVar(&in.request.Units, "unit", nil, "narrow to this care unit's key, its `ID`; may be repeated")
}

func (in *inputs) maskKeyFlag(c *cobra.Command) {
	c.Flags().StringVar(&in.maskKey, "mask-key", "", "the `FILE` with the masking key (or UTDRAG_MASK_KEY_FILE, UTDRAG_MASK_KEY)")
}

func (in *inputs) passphraseFlag(c *cobra.Command) {
	c.Flags().StringVar(&in.passphrase, "passphrase-file", "", "the `FILE` with the private key's passphrase (or UTDRAG_PASSPHRASE, or a prompt)")
}

// files are the files and databases that a command reads, so that none of them is written over.
func (in *inputs) files() []string {
	files := []string{in.mapFile, in.catalog, in.maskKey, in.passphrase}
	if path, ok := sqliteFile(in.source); ok {
		files = append(files, path)
	}
	return files
}

// completeFiles lets a shell complete a flag with files of these extensions.
func completeFiles(c *cobra.Command, flag string, extensions ...string) {
	if err := c.MarkFlagFilename(flag, extensions...); err != nil {
		panic("utdrag: " + err.Error()) // the flag isn't there: a mistake in this program
	}
}

func completeFolders(c *cobra.Command, flag string) {
	if err := c.MarkFlagDirname(flag); err != nil {
		panic("utdrag: " + err.Error())
	}
}

func completeWords(c *cobra.Command, flag string, words ...string) {
	err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("utdrag: " + err.Error())
	}
}

func completeURL(c *cobra.Command, flag string) {
	err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions([]string{"sqlite:", "postgres://", "sqlserver://", "env:"}, cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("utdrag: " + err.Error())
	}
}

// demand refuses a command line that lacks flags, and names all that it lacks. A want is a flag, or flags with a bar
// between them of which exactly one must be given.
func demand(c *cobra.Command, wants ...string) error {
	var missing []string
	for _, want := range wants {
		names := strings.Split(want, "|")
		var given []string
		for i, name := range names {
			names[i] = "--" + name
			if f := c.Flags().Lookup(name); f.Value.String() != "" && f.Value.String() != "[]" {
				given = append(given, names[i])
			}
		}
		if len(given) == 0 {
			missing = append(missing, strings.Join(names, " or "))
		}
		if len(given) > 1 {
			return misuse(codeUsage, "choose one", "%s can't be given together", strings.Join(given, " and "))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return misuse(codeMissing, "see "+c.CommandPath()+" --help", "%s needs %s", c.CommandPath(), strings.Join(missing, ", "))
}

// exactly demands so many arguments.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < n:
			return misuse(codeMissing, "see "+c.CommandPath()+" --help", "%s needs %s", c.CommandPath(), what)
		case len(args) > n && n == 0:
			return misuse(codeUsage, "see "+c.CommandPath()+" --help", "%s takes no arguments, only flags", c.CommandPath())
		case len(args) > n:
			return misuse(codeUsage, "see "+c.CommandPath()+" --help", "%s takes %s and nothing more", c.CommandPath(), what)
		}
		return nil
	}
}

// word is what may be quoted of a command line: a URL may hold a password.
var word = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,30}$`)

// flagError says what is wrong with a flag without quoting what was given to it.
func flagError(c *cobra.Command, err error) error {
	advice := "see " + c.CommandPath() + " --help"
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := e.GetSpecifiedName()
		if e.GetSpecifiedShortnames() != "" {
			return misuse(codeUsage, advice, "%s has no flag -%s", c.CommandPath(), shortest(name))
		}
		var known []string
		c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		if near := diag.Nearest(name, known); near != "" {
			advice = fmt.Sprintf("did you mean --%s?", near)
		}
		if !word.MatchString(name) {
			return misuse(codeUsage, advice, "%s has no such flag", c.CommandPath())
		}
		return misuse(codeUsage, advice, "%s has no flag --%s", c.CommandPath(), name)
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return misuse(codeUsage, advice, "the flag --%s needs a value", e.GetFlag().Name)
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return misuse(codeUsage, advice, "the flag --%s can't have that value", e.GetFlag().Name)
	}
	return misuse(codeUsage, advice, "the flags can't be read")
}

func shortest(name string) string {
	for _, r := range name {
		return string(r)
	}
	return ""
}
