package synthea_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/utdrag/utdrag/examples/synthea"
)

// realData is Synthea's own output, which is no part of the repository.
const realData = "../../../shared/data/synthea"

func realFolder(t *testing.T) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(realData, "encounters.csv")); errors.Is(err, os.ErrNotExist) {
		t.Skip("no Synthea data at " + realData)
	}
	return realData
}

func imported(t *testing.T, folder string) (*sql.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "synthea.db")
	if err := synthea.Import(t.Context(), folder, path); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db, path
}

func count(t *testing.T, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// The numbers are those of the data's own notice, and of what reading the files showed.
func TestRealData(t *testing.T) {
	db, _ := imported(t, realFolder(t))
	for query, want := range map[string]int{
		"SELECT COUNT(*) FROM organizations":                                                        63,
		"SELECT COUNT(*) FROM patients":                                                             27,
		"SELECT COUNT(*) FROM encounters":                                                           604,
		"SELECT COUNT(*) FROM claims":                                                               1267,
		"SELECT COUNT(*) FROM claims_transactions":                                                  5228,
		"SELECT COUNT(*) FROM payer_transitions":                                                    1051,
		"SELECT COUNT(*) FROM observations WHERE ENCOUNTER IS NULL":                                 75,
		"SELECT COUNT(*) FROM payers WHERE QOLS_AVG IS NULL":                                        1,
		"SELECT COUNT(*) FROM patients WHERE DEATHDATE = ''":                                        0,
		"SELECT COUNT(*) FROM claims_transactions WHERE TRANSFEROUTID IS NOT NULL":                  920,
		"SELECT COUNT(*) FROM claims WHERE PRIMARYPATIENTINSURANCEID = '0'":                         216,
		"SELECT COUNT(*) FROM encounters WHERE typeof(TOTAL_CLAIM_COST) NOT IN ('real', 'integer')": 0,
		// What synthea.hcl expects of the data where it says "error".
		"SELECT COUNT(*) FROM encounters e JOIN providers p ON p.Id = e.PROVIDER WHERE p.ORGANIZATION <> e.ORGANIZATION":                     0,
		"SELECT COUNT(*) FROM claims c JOIN encounters e ON e.Id = c.APPOINTMENTID WHERE c.PATIENTID <> e.PATIENT":                           0,
		"SELECT COUNT(*) FROM claims_transactions x JOIN claims c ON c.Id = x.CLAIMID WHERE x.PATIENTID <> c.PATIENTID":                      0,
		"SELECT COUNT(*) FROM claims_transactions x JOIN claims_transactions c ON c.CHARGEID = x.TRANSFEROUTID WHERE x.CLAIMID <> c.CLAIMID": 0,
	} {
		if got := count(t, db, query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
}

// export is the smallest folder that is an export: each file with its header, and one row where rows refer.
func export(t *testing.T, change map[string]string) string {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	defer db.Close()
	if _, err := db.Exec(synthea.Schema); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(`SELECT t.name, group_concat(c.name, ',' ORDER BY c.cid) FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' GROUP BY t.name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	folder := t.TempDir()
	for rows.Next() {
		var name, header string
		if err := rows.Scan(&name, &header); err != nil {
			t.Fatal(err)
		}
		content, changed := change[name]
		if !changed {
			content = "HEADER\n"
		}
		content = strings.ReplaceAll(content, "HEADER", header)
		if content != "" {
			if err := os.WriteFile(filepath.Join(folder, name+".csv"), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return folder
}

const (
	organization = "00000000-0000-0000-0000-000000000001,Name,\"Street, 1\",,,,,,,,\n"
	provider     = "00000000-0000-0000-0000-000000000002,00000000-0000-0000-0000-000000000001,Name,,,,,,,,,\n"
)

// An empty cell is NULL, a byte order mark and quoted commas are read, and NaN is what SQLite can hold of it.
func TestImport(t *testing.T) {
	db, _ := imported(t, export(t, map[string]string{
		"organizations": "\ufeffHEADER\r\n" + organization,
		"payers":        "HEADER\n00000000-0000-0000-0000-000000000003,Payer,,,,,,1.50,,,,,,,,,,,,NaN,7\n",
	}))
	if n := count(t, db, "SELECT COUNT(*) FROM organizations WHERE ADDRESS = 'Street, 1' AND CITY IS NULL AND LAT IS NULL"); n != 1 {
		t.Error("the organization is not as written")
	}
	if n := count(t, db, "SELECT COUNT(*) FROM payers WHERE AMOUNT_COVERED = 1.5 AND QOLS_AVG IS NULL AND MEMBER_MONTHS = 7"); n != 1 {
		t.Error("the payer is not as written")
	}
}

// Each refusal names the file and the line, quotes no cell, and leaves no file.
func TestImportRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]string
		want   string
	}{
		"missing file":   {map[string]string{"claims": ""}, "missing: claims.csv"},
		"missing column": {map[string]string{"providers": "Id,NAME\n"}, "providers.csv:1: missing columns: ORGANIZATION"},
		"unknown column": {map[string]string{"providers": "HEADER,FIPS\n"}, "providers.csv:1: unknown columns: FIPS"},
		"other order":    {map[string]string{"supplies": "PATIENT,DATE,ENCOUNTER,CODE,DESCRIPTION,QUANTITY\n"}, "supplies.csv:1: the columns are not in the export's order"},
		"too few fields": {map[string]string{"organizations": "HEADER\n" + organization + "SECRET\n"}, "organizations.csv: record on line 3: wrong number of fields"},
		"bare quote":     {map[string]string{"organizations": "HEADER\na\"SECRET,,,,,,,,,,\n"}, "organizations.csv: parse error on line 2"},
		"no UUID":        {map[string]string{"organizations": "HEADER\nSECRET,Name,,,,,,,,,\n"}, "organizations.csv:2: column Id holds no UUID"},
		"required":       {map[string]string{"organizations": "HEADER\n" + strings.Replace(organization, "Name", "", 1)}, "organizations.csv:2: column NAME is empty"},
		"no integer":     {map[string]string{"organizations": "HEADER\n" + organization + "00000000-0000-0000-0000-000000000009,\"two\nlines\",,,,,,,,,SECRET\n"}, "organizations.csv:4: column UTILIZATION holds no integer"},
		"no decimal":     {map[string]string{"organizations": "HEADER\n00000000-0000-0000-0000-000000000009,N,,,,,,,,1e9,\n"}, "organizations.csv:2: column REVENUE holds no decimal number"},
		"no date":        {map[string]string{"patients": "HEADER\n00000000-0000-0000-0000-000000000009,SECRET,,,,,,,,,,,,,,,,,,,,,,,\n"}, "patients.csv:2: column BIRTHDATE holds no date"},
		"infinity":       {map[string]string{"organizations": "HEADER\n00000000-0000-0000-0000-000000000009,N,,,,,Inf,,,,\n"}, "organizations.csv:2: column LAT holds no number"},
		"twice":          {map[string]string{"organizations": "HEADER\n" + organization + organization}, "organizations.csv:3: table organizations"},
		"leads nowhere":  {map[string]string{"providers": "HEADER\n" + provider}, "providers.csv: row 1 references a row of organizations that is not there"},
		"no header":      {map[string]string{"claims": "\n"}, "claims.csv: no header"},
	} {
		t.Run(name, func(t *testing.T) {
			folder, target := export(t, c.change), t.TempDir()
			err := synthea.Import(t.Context(), folder, filepath.Join(target, "out.db"))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "SECRET") {
				t.Errorf("the error quotes a cell: %v", err)
			}
			empty(t, target)
		})
	}
}

func empty(t *testing.T, folder string) {
	t.Helper()
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestImportRefusesUnknownFiles(t *testing.T) {
	folder := export(t, nil)
	if err := os.WriteFile(filepath.Join(folder, "secrets.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := synthea.Import(t.Context(), folder, filepath.Join(t.TempDir(), "out.db"))
	if want := "no table for: secrets.csv"; err == nil || !strings.Contains(fmt.Sprint(err), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestImportStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	target := t.TempDir()
	if err := synthea.Import(ctx, export(t, nil), filepath.Join(target, "out.db")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	empty(t, target)
}
