package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
	"github.com/utdrag/utdrag/plan"
)

const proofSQL = ownerSQL + `
CREATE TABLE Code (Id INTEGER PRIMARY KEY);
CREATE TABLE Log (Id INTEGER PRIMARY KEY);
CREATE TABLE Patient (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), Kind INTEGER);
CREATE TABLE Visit (Id INTEGER PRIMARY KEY, UnitId INTEGER REFERENCES Unit(Id), PatientId INTEGER REFERENCES Patient(Id), Kind INTEGER);
CREATE TABLE Child (Id INTEGER PRIMARY KEY, VisitId INTEGER CONSTRAINT fk REFERENCES Visit(Id), OtherId INTEGER REFERENCES Visit(Id));
CREATE TABLE Leaf (Id INTEGER PRIMARY KEY, ChildId INTEGER REFERENCES Child(Id), LogId INTEGER REFERENCES Log(Id), CodeId INTEGER REFERENCES Code(Id));
`

// The blocks of a map in which everything is proven. A case replaces some of them.
var proofBlocks = map[string]string{
	"Unit":    `path { via = ["ProviderId"] }`,
	"Code":    "rows = \"all\"\n reason = \"codes\"",
	"Log":     "rows = \"none\"\n reason = \"log\"",
	"Visit":   `path { via = ["UnitId"] }`,
	"Patient": "path {\n from = \"Visit\"\n via = [\"PatientId\"]\n}\n foreign \"UnitId\" { outside = \"error\" }",
	"Child":   "path { via = [\"VisitId\"] }\n foreign \"OtherId\" { outside = \"error\" }",
	"Leaf":    "path { via = [\"ChildId\"] }\n foreign \"LogId\" { outside = \"error\" }",
}

func proofMap(replaced map[string]string) string {
	var b strings.Builder
	b.WriteString(head)
	names := make([]string, 0, len(proofBlocks))
	for name := range proofBlocks {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		body, ok := replaced[name]
		if !ok {
			body = proofBlocks[name]
		}
		b.WriteString("table \"" + name + "\" {\n" + body + "\n}\n")
	}
	return b.String()
}

// TestProofs holds the verdict on one foreign key against what must be: a proof where the map's own paths make it
// certain, and none where anything narrows the parent or adds to the child.
func TestProofs(t *testing.T) {
	c := catalogOf(t, proofSQL)
	visitPatient := []string{"Visit", "PatientId"}
	both := "match = \"%\"\n path { via = [\"VisitId\"] }\n path { via = [\"OtherId\"] }"
	policies := "\n foreign \"VisitId\" { outside = \"error\" }\n foreign \"OtherId\" { outside = \"error\" }"
	any, all := strings.Replace(both, "%", "any", 1), strings.Replace(both, "%", "all", 1)
	fromVisit := "path {\n from = \"Visit\"\n via = [\"PatientId\"]\n}\n"
	unitError := ` foreign "UnitId" { outside = "error" }` + "\n"
	for _, x := range []struct {
		name string
		at   []string // table, column
		want string   // the beginning of the proof, or "" for none
		with map[string]string
	}{
		{"up by the only path", []string{"Child", "VisitId"}, "a row is included only if its main.Visit is", nil},
		{"up to the provider", []string{"Unit", "ProviderId"}, "a row is included only if its main.Provider is", nil},
		{"a foreign key beside the path", []string{"Child", "OtherId"}, "", nil},
		{"up by one of any", []string{"Child", "VisitId"}, "", map[string]string{"Child": any + policies}},
		{"up by one of all", []string{"Child", "VisitId"}, "a row is included only if its main.Visit is", map[string]string{"Child": all}},
		{"up by the other of all", []string{"Child", "OtherId"}, "a row is included only if its main.Visit is", map[string]string{"Child": all}},
		{"up by the only path, NULL included", []string{"Child", "VisitId"}, "a row is included only", map[string]string{
			"Child": "path {\n via = [\"VisitId\"]\n null = \"include\"\n reason = \"loose\"\n}\n foreign \"OtherId\" { outside = \"error\" }"}},
		{"up, written as a virtual foreign key", []string{"Child", "VisitId"}, "a row is included only", map[string]string{
			"Child": "path {\n via = [\"VisitId\"]\n to = \"Visit\"\n references = [\"Id\"]\n}\n foreign \"OtherId\" { outside = \"error\" }"}},
		{"the child is narrowed, which takes nothing from the parent", visitPatient, "an included row includes", map[string]string{
			"Visit": "path { via = [\"UnitId\"] }\n where = \"Kind = 1\""}},
		{"up: where on the parent narrows the child with it", []string{"Child", "VisitId"}, "a row is included only", map[string]string{
			"Visit": "path { via = [\"UnitId\"] }\n where = \"Kind = 1\""}},
		{"the child is copied whole", []string{"Child", "VisitId"}, "", map[string]string{
			"Child": "rows = \"all\"\n reason = \"all\"" + policies, "Leaf": "rows = \"all\"\n reason = \"all\"\n foreign \"LogId\" { outside = \"null\" }"}},
		{"the child gets rows by another's include", []string{"Child", "VisitId"}, "", map[string]string{
			"Child": proofBlocks["Child"] + "\n foreign \"VisitId\" { outside = \"error\" }",
			"Leaf":  "rows = \"all\"\n reason = \"all\"\n foreign \"ChildId\" { outside = \"include\" }\n foreign \"LogId\" { outside = \"null\" }"}},
		{"the child gets stubs, whose references are NULL", []string{"Child", "VisitId"}, "a row is included only", map[string]string{
			"Leaf": "rows = \"all\"\n reason = \"all\"\n foreign \"ChildId\" { outside = \"stub\" }\n foreign \"LogId\" { outside = \"null\" }"}},

		{"down", visitPatient, "an included row includes the main.Patient that it names", nil},
		{"down, one of any", visitPatient, "an included row includes", map[string]string{
			"Patient": "match = \"any\"\n" + fromVisit + "path { via = [\"UnitId\"] }\n" + unitError}},
		{"down, one of all", visitPatient, "", map[string]string{
			"Patient": "match = \"all\"\n" + fromVisit + "path { via = [\"UnitId\"] }", "Visit": proofBlocks["Visit"] + "\n foreign \"PatientId\" { outside = \"error\" }"}},
		{"down, narrowed by where", visitPatient, "", map[string]string{
			"Patient": fromVisit + unitError + " where = \"Kind = 1\"", "Visit": proofBlocks["Visit"] + "\n foreign \"PatientId\" { outside = \"error\" }"}},
		{"down, narrowed by drop", visitPatient, "", map[string]string{
			"Patient": fromVisit + " foreign \"UnitId\" { outside = \"drop\" }", "Visit": proofBlocks["Visit"] + "\n foreign \"PatientId\" { outside = \"error\" }"}},
		{"down, and the child gets rows by another's include", visitPatient, "", map[string]string{
			"Visit": proofBlocks["Visit"] + "\n" + unitError + " foreign \"PatientId\" { outside = \"error\" }",
			"Child": "path { via = [\"VisitId\"] }\n foreign \"OtherId\" { outside = \"include\" }"}},
		{"down, and the parent gets rows by another's include", visitPatient, "an included row includes", map[string]string{
			"Patient": fromVisit + unitError}},
		{"the parent goes another way", visitPatient, "", map[string]string{
			"Patient": "path { via = [\"UnitId\"] }", "Visit": proofBlocks["Visit"] + "\n foreign \"PatientId\" { outside = \"error\" }"}},

		{"every row of the parent", []string{"Leaf", "CodeId"}, "every row of main.Code is copied", nil},
		{"no row of the parent", []string{"Leaf", "LogId"}, "", nil},
		{"the column is left out", []string{"Leaf", "LogId"}, "column LogId is left out", map[string]string{
			"Leaf": "path { via = [\"ChildId\"] }\n column \"LogId\" { omit = true }"}},
		{"the column is masked with NULL", []string{"Leaf", "LogId"}, "column LogId is masked with NULL", map[string]string{
			"Leaf": "path { via = [\"ChildId\"] }\n column \"LogId\" { mask = null }"}},
	} {
		t.Run(x.name, func(t *testing.T) {
			for _, request := range []filter.Request{{Provider: "P1"}, {Provider: "P1", Units: []string{"U1"}}} {
				r := verdict(t, build(t, proofMap(x.with), c, request), x.at[0], x.at[1])
				if (r.Proof == "") != (x.want == "") || !strings.HasPrefix(r.Proof, x.want) {
					t.Errorf("proof %q, want %q…", r.Proof, x.want)
				}
			}
		})
	}
}

// A path down to the unit table proves nothing where an order may leave units out.
func TestProofUnits(t *testing.T) {
	c := catalogOf(t, ownerSQL+"CREATE TABLE Member (Id INTEGER PRIMARY KEY, ProviderId INTEGER REFERENCES Provider(Id), UnitId INTEGER REFERENCES Unit(Id));")
	text := head + `
table "Member" {
  path { via = ["ProviderId"] }
  foreign "UnitId" { outside = "null" }
}
table "Unit" {
  path {
    from = "Member"
    via  = ["UnitId"]
  }
  foreign "ProviderId" { outside = "error" }
}
`
	if r := verdict(t, build(t, text, c, filter.Request{Provider: "P1"}), "Member", "UnitId"); r.Proof != "" {
		t.Errorf("proof %q", r.Proof)
	}
}

func verdict(t *testing.T, p *plan.Plan, table, column string) *plan.Reference {
	t.Helper()
	for i := range p.References {
		if r := &p.References[i]; r.Child.Table == table && slices.Equal(r.Columns, []string{column}) {
			if r.Proof != "" && r.Verdict() != "proven: "+r.Proof {
				t.Errorf("verdict %q", r.Verdict())
			}
			return r
		}
	}
	t.Fatalf("no verdict on %s of %s", column, table)
	return nil
}

// TestPolicies holds what each policy says of itself, and whether it costs a check, against each other.
func TestPolicies(t *testing.T) {
	c := catalogOf(t, proofSQL)
	for policy, words := range map[string]string{
		"error":   "error: the run stops if a row leads outside",
		"null":    "null: the reference is blanked where it leads outside",
		"stub":    "stub: the key of the row outside is copied, and nothing else of it",
		"drop":    "drop: a row that leads outside is left out",
		"include": "include: the row outside is copied, masked, and nothing is reached through it",
	} {
		with := map[string]string{"Child": "path { via = [\"VisitId\"] }\n foreign \"OtherId\" { outside = \"" + policy + "\" }"}
		if policy == "include" { // what is added to Visit leads anywhere
			with["Visit"] = "path { via = [\"UnitId\"] }\n foreign \"UnitId\" { outside = \"null\" }\n foreign \"PatientId\" { outside = \"include\" }"
		}
		p := build(t, proofMap(with), c, filter.Request{Provider: "P1"})
		r := verdict(t, p, "Child", "OtherId")
		if r.Proof != "" || r.Verdict() != words || r.Policy != policy || !r.Made {
			t.Errorf("%s: %+v: %s", policy, r, r.Verdict())
		}
		checks := 0
		for _, s := range p.Steps {
			if s.Code == plan.CodeOutside && s.Table == "main.Child" {
				checks++
			}
		}
		if (checks == 1) != (policy == "error") {
			t.Errorf("%s: %d checks", policy, checks)
		}
	}
}
