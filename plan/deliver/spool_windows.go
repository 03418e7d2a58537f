package deliver

import "os"

// unnamedFile makes a file that its owner removes. Windows takes no name away from an open file.
func unnamedFile(folder string) (*os.File, string, error) {
	f, err := os.CreateTemp(folder, ".utdrag-spool-*")
	if err != nil {
		return nil, "", err
	}
	return f, f.Name(), nil
}
