package order

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/utdrag/utdrag/filter/diag"
)

// Load reads the order in a file. The error is a [diag.Error] where the file can't be read, and a [diag.List] where the order is
// refused; otherwise the list holds the warnings.
func Load(file string) (*Order, diag.List, error) {
	text, err := readFile(file)
	if err != nil {
		return nil, nil, err
	}
	o, found := Parse(file, text)
	return o, found, found.Err()
}

// Extension is how an order's file is named.
const Extension = ".order.hcl"

// LoadFolder reads every order of a folder, that is, every file whose name ends in [Extension], in the order of their names. The
// list holds what was found in all of them. Orders that are refused are left out of those returned, and the error is the list
// then: whoever runs orders must not go on with some of them as if they were all.
func LoadFolder(folder string) ([]*Order, diag.List, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, nil, unreadable("the folder of orders", err)
	}
	var orders []*Order
	var found diag.List
	var failed []error
	files := 0
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if !isFile(filepath.Join(folder, entry.Name())) {
			if strings.HasSuffix(entry.Name(), Extension) {
				files++
				failed = append(failed, unreadable("the order "+filepath.Join(folder, entry.Name()), errNoFile))
			}
			continue
		}
		if !strings.HasSuffix(entry.Name(), Extension) {
			found = append(found, overlooked(filepath.Join(folder, entry.Name()))...)
			continue
		}
		files++
		o, list, err := Load(filepath.Join(folder, entry.Name()))
		found = append(found, list...)
		switch {
		case o != nil:
			orders = append(orders, o)
		case len(list) == 0:
			failed = append(failed, err)
		}
	}
	if files == 0 {
		return nil, found, &diag.Error{Code: CodeFolder, Class: diag.Misuse, Message: "the folder holds no orders",
			Advice: "an order's file has a name that ends in " + Extension}
	}
	found.Sort()
	return slices.Clip(orders), found, errors.Join(append(failed, found.Err())...)
}

var errNoFile = errors.New("it is no file")

// isFile reports whether a name, or what it links to, is an ordinary file: opening a pipe waits for somebody to write to it, and
// nothing ends that. A link that leads nowhere is left to whoever opens it.
func isFile(name string) bool {
	info, err := os.Stat(name)
	return err != nil || info.Mode().IsRegular()
}

var orderer = regexp.MustCompile(`(?m)^\s*orderer\s*\{`)

// overlooked warns of an order that isn't named as one: somebody is waiting for what it orders. Maps may stand in the same folder.
func overlooked(file string) diag.List {
	if filepath.Ext(file) != ".hcl" {
		return nil
	}
	if text, err := readFile(file); err != nil || !orderer.Match(text) {
		return nil
	}
	f := flaw{code: CodeFolder, warning: true, summary: "this file seems to be an order, and isn't taken for one", advice: "give it a name that ends in " + Extension}
	return diag.List{f.at((&reader{file: file}).top())}
}

func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, unreadable("the order "+file, err)
	}
	// One byte more than an order may have: Parse says that it is too large.
	text, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, unreadable("the order "+file, err)
	}
	return text, nil
}

func unreadable(what string, err error) error {
	e := &diag.Error{Code: CodeFolder, Class: diag.External, Message: what + " can't be read", Err: bare(err)}
	if errors.Is(err, fs.ErrNotExist) {
		e.Class, e.Advice = diag.Misuse, "check the name"
	}
	return e
}
