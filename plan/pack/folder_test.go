package pack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A copy in plaintext has the same entries, says that it is one, and is whole or not there.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "copy")
	w, err := CreateFolder(path, testInfo("sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(path); err == nil {
		t.Error("the folder has its name before it is whole")
	}
	sealed := write(t, w, sample())
	f, err := os.Open(filepath.Join(path, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := ReadManifest(f)
	if err != nil || !m.Plaintext || len(m.Recipients) > 0 || m.Tables[0].Rows != 3 {
		t.Errorf("%v, %v", m, err)
	}
	content, err := os.ReadFile(filepath.Join(path, sealed.Manifest.Tables[0].Parts[0].Name))
	if err != nil || !strings.HasPrefix(string(content), "\"Id\",\"Namn\"\r\n1,") {
		t.Errorf("%q, %v", content, err)
	}
	_, err = CreateFolder(path, testInfo("sqlite"))
	wantCode(t, err, codeExists)
	w, err = CreateFolder(filepath.Join(dir, "other"), testInfo("sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	w.Abort()
	onlyThese(t, dir, "copy")
}
