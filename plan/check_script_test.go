package plan_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter"
)

// without cuts from a text what begins with one text and goes up to another.
func without(t testing.TB, text, from, to string) string {
	t.Helper()
	start := strings.Index(text, from)
	if start < 0 {
		t.Fatalf("no %q in\n%s", from, text)
	}
	end := strings.Index(text[start:], to)
	if end < 0 {
		t.Fatalf("no %q in\n%s", to, text)
	}
	return text[:start] + text[start+end:]
}

// part is the part of a script under a comment that begins so.
func part(t testing.TB, text, comment string) string {
	t.Helper()
	start := strings.Index(text, "-- "+comment)
	if start < 0 {
		t.Fatalf("no part %q", comment)
	}
	length := strings.Index(text[start:], "\n\n")
	if length < 0 {
		length = len(text) - start - 2
	}
	return text[start : start+length+2]
}

// What is done to whole statements, and to the lines that clients look at before the server does.
func TestCheckScriptEdits(t *testing.T) {
	cut := func(comment string) func(testing.TB, string) string {
		return func(t testing.TB, text string) string { return strings.Replace(text, part(t, text, comment), "", 1) }
	}
	put := func(old, new string) func(testing.TB, string) string {
		return func(t testing.TB, text string) string {
			if !strings.Contains(text, old) {
				t.Fatalf("no %q", old)
			}
			return strings.Replace(text, old, new, 1)
		}
	}
	move := func(comment, before string) func(testing.TB, string) string {
		return func(t testing.TB, text string) string {
			p := part(t, text, comment)
			return put("-- "+before, p+"-- "+before)(t, strings.Replace(text, p, "", 1))
		}
	}
	for _, x := range []struct {
		name string
		edit func(testing.TB, string) string
		want string
		only string
	}{
		{"a copy less", cut("33. "), missing, ""},
		{"two copies less", func(t testing.TB, s string) string { return cut("33. ")(t, cut("28. ")(t, s)) }, missing + missing, ""},
		{"copies in another order", move("33. ", "29. "), "proven copy\n" + missing, "sqlite sqlserver"},
		{"a copy twice", func(t testing.TB, s string) string { return put("-- 33. ", part(t, s, "33. ")+"-- 33. ")(t, s) }, proven, "sqlite sqlserver"},
		{"an index less", func(t testing.TB, s string) string {
			return without(t, s, `CREATE INDEX "copy"."VisitByPatient"`, "\n")
		}, "missing index\n", "sqlite"},
		{"comments gone", func(_ testing.TB, s string) string { return regexp.MustCompile(`(?m)^-- .*\n`).ReplaceAllString(s, "") }, "", ""},
		{"comments in Swedish", func(_ testing.TB, s string) string {
			return regexp.MustCompile(`(?m)^-- .*$`).ReplaceAllString(s, "-- åäö; 'x")
		}, "", ""},
		{"empty lines gone", func(_ testing.TB, s string) string { return regexp.MustCompile(`\n\n+`).ReplaceAllString(s, "\n") }, "", ""},
		{"lines of another system", func(_ testing.TB, s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, "", "sqlite sqlserver"},
		{"keywords in small letters", put("SELECT t.", "select t."), "", ""},
		{"a byte order mark", func(_ testing.TB, s string) string { return "\ufeff" + s }, "", "sqlserver"},
		{"a byte order mark before a client that doesn't know it", func(_ testing.TB, s string) string { return "\ufeff" + s }, "UR002\n", "sqlite postgres"},

		{"a check less", cut("24. "), "", ""},
		{"a fixpoint less", cut("16. "), "", ""},
		{"a key set less", cut("10. "), "", ""},
		{"a work table less", cut("9. "), "", ""},
		{"a check after the copies", move("24. ", "33. "), "", ""},
		{"a copy before the key sets", move("33. ", "10. "), "", ""},
		{"the end gone", func(_ testing.TB, s string) string { return s[:strings.Index(s, "-- 33. ")] }, "", ""},
		{"nothing", func(testing.TB, string) string { return "" }, "", ""},
		{"another check's number", put("<> 0\nBEGIN\n  THROW 51000, N'UP004", "<> 1\nBEGIN\n  THROW 51000, N'UP004"), "", "sqlserver"},
		{"a statement more", func(t testing.TB, s string) string {
			return put("-- 33. ", "DELETE FROM x;\n-- 33. ")(t, s)
		}, "", ""},
		{"a statement more, on the line of another", put(`VALUES ('SE1');`, `VALUES ('SE1'); DROP TABLE x;`), "", "sqlite postgres"},
		{"all rows of a table by a statement more", put("-- 33. ", `INSERT INTO copy."Patient" ("Id") SELECT t."Id" FROM "main"."Patient" t;`+"\n-- 33. "), "UR052\n", "sqlite"},
		{"a proven statement more", put("-- 33. ", `INSERT INTO copy."Patient" ("Id") SELECT p."Id" FROM "main"."Patient" p WHERE EXISTS (SELECT 1 FROM temp."keys_5_Patient" k WHERE k."Id" = p."Id");`+"\n-- 33. "), proven, "sqlite"},
		{"a proven statement more where the key sets aren't filled", put("-- 10. ", `INSERT INTO copy."Patient" ("Id") SELECT p."Id" FROM "main"."Patient" p WHERE EXISTS (SELECT 1 FROM temp."keys_5_Patient" k WHERE k."Id" = p."Id");`+"\n-- 10. "), "", "sqlite"},
		{"constants", put("-- 33. ", `INSERT INTO copy."Patient" ("Id") VALUES (1);`+"\n-- 33. "), "", "sqlite"},
		{"OR REPLACE", put(`INSERT INTO copy."Patient"`, `INSERT OR REPLACE INTO copy."Patient"`), "", "sqlite"},
		{"into the source", put(`INSERT INTO copy."Patient"`, `INSERT INTO main."Patient"`), "UR055\n", "sqlite"},
		{"ON CONFLICT", put(`  ORDER BY t."rowid";`+"\n\n-- 31", `  ORDER BY 1 ON CONFLICT DO NOTHING;`+"\n\n-- 31"), "UR003\n", "sqlite"},

		{"the shell doesn't stop", put(".bail on", ".bail off"), "", "sqlite"},
		{"the shell's command isn't one", put(".bail on", " .bail on"), "", "sqlite"},
		{"a comment before the shell's command", put(".bail on", "/*\n*/ .bail on"), "", "sqlite"},
		{"a comment in lines before the shell's command", put(".bail on", "/*\n*/\n.bail on"), "UR056\n", "sqlite"},
		{"a command of the shell's", put("-- 33. ", ".shell true\n-- 33. "), "", "sqlite"},
		{"a command in a comment", put("-- 33. ", "/*\n.shell true\n*/\n-- 33. "), "UR056\n", "sqlite"},
		{"go for an alias", put(`FROM "main"."Patient" t
  WHERE EXISTS (SELECT 1 FROM temp."keys_5_Patient" k WHERE k."Id" = t."Id")`, `FROM "main"."Patient"
go
  WHERE EXISTS (SELECT 1 FROM temp."keys_5_Patient" k WHERE k."Id" = go."Id")`), "UR056\n", "sqlite"},
		{"a line with a slash", put(`t."HeadId"
`, `t."HeadId"
/
`), "UR056\n", "sqlite"},

		{"psql doesn't stop", put(`\set ON_ERROR_STOP on`, `\set ON_ERROR_STOP off`), "", "postgres"},
		{"a command of psql's", put("-- 33. ", "\\! true\n-- 33. "), "", "postgres"},
		{"a command of psql's in a copy", put(`"Pnr",`, `"Pnr", \! true
`), "", "postgres"},
		{"another program takes the rows", put(`\g |psql`, `\g |tee x |psql`), "UR055\n", "postgres"},
		{"a word more for the shell", put(`FROM STDIN'`, `FROM STDIN' ; true`), "UR055\n", "postgres"},
		{"the rows aren't counted", put(`\set copied :ROW_COUNT`, ``), "", "postgres"},
		{"another query runs before", put("COPY (", "SELECT 1;\nCOPY ("), "", "postgres"},
		{"columns of the COPY in another order", func(t testing.TB, s string) string {
			s = put(`("Id", "Pnr", "Name") FROM STDIN`, `("Pnr", "Id", "Name") FROM STDIN`)(t, s)
			return put("t.\"Id\",\n  t.\"Pnr\"", "t.\"Pnr\",\n  t.\"Id\"")(t, s)
		}, proven, "postgres"},
		{"a column of the COPY that isn't there", put(`("Id", "Pnr", "Name") FROM STDIN`, `("Id", "Pnr", "Nom") FROM STDIN`), "UR055\n", "postgres"},
		{"the COPY of another table", put(`COPY "main"."Patient" ("Id", "Pnr", "Name") FROM STDIN`, `COPY "main"."Staff" ("Id", "UnitId", "Name") FROM STDIN`), "UR055\n", "postgres"},

		{"GO five times", put("\nGO\n", "\nGO 5\n"), "UR056\n", "sqlserver"},
		{"GO in another case", put("\nGO\n", "\ngo\n"), "", "sqlserver"},
		{"a GO less", put("\nGO\n", "\n"), "", "sqlserver"},
		{"a GO in a comment", put("-- 33. ", "/*\nGO\n*/\n-- 33. "), "UR056\n", "sqlserver"},
		{"a GO in a copy", put("\n  FROM [main].[Patient] t", "\nGO\n  FROM [main].[Patient] t"), "", "sqlserver"},
		{"a GO in a text", put("N'***'", "N'*\nGO\n'"), "UR056\n", "sqlserver"},
		{"a command of sqlcmd's", put("-- 33. ", ":r other.sql\n-- 33. "), "UR056\n", "sqlserver"},
		{"a command of sqlcmd's without its colon", put("-- 33. ", "EXIT\n-- 33. "), "UR056\n", "sqlserver"},
		{"a second copy in the batch", put("\nEXEC sys.sp_set_session_context N'utdrag.batch', 51;", "\nINSERT INTO [utdrag_copy].[main].[Kind] ([Code]) SELECT k.[Code] FROM [main].[Kind] k;\nEXEC sys.sp_set_session_context N'utdrag.batch', 51;"), proven, "sqlserver"},
		{"a second statement in the batch", put("\nEXEC sys.sp_set_session_context N'utdrag.batch', 51;", "\nDELETE FROM [main].[Kind];\nEXEC sys.sp_set_session_context N'utdrag.batch', 51;"), "", "sqlserver"},
		{"a second statement without a semicolon", put("k.[Id] = t.[Id]);\nEXEC sys.sp_set_session_context N'utdrag.batch', 51;", "k.[Id] = t.[Id]) DELETE FROM [main].[Kind];\nEXEC sys.sp_set_session_context N'utdrag.batch', 51;"), "", "sqlserver"},
		{"comments nest", put("-- 33. ", "/* /* */\nDROP TABLE x; -- */\n-- 33. "), "", "postgres sqlserver"},
		{"comments don't nest", put("-- 33. ", "/* /* */\nDROP TABLE x; -- */\n-- 33. "), "", "sqlite"},
		{"a comment that turns", put("-- 33. ", "-- \u202e\n-- 33. "), "UR002\n", ""},
		{"a line separator in a comment", put("-- 33. ", "-- \u2028 DROP TABLE x\n-- 33. "), "UR002\n", ""},
		{"a carriage return in a comment", put("-- 33. ", "-- \r DROP TABLE x\n-- 33. "), "UR002\n", ""},
		{"a wide space", put("SELECT t.", "SELECT\u3000t."), "UR002\n", ""},
		{"NUL", put("-- 33. ", "\x00-- 33. "), "UR002\n", ""},
	} {
		for _, engine := range scriptEngines {
			if x.only != "" && !strings.Contains(x.only, engine) {
				continue
			}
			t.Run(engine+"/"+x.name, func(t *testing.T) {
				s := exampleScript(t, engine)
				checked := s.check(t, x.edit(t, s.text))
				got := changes(checked)
				harmless := strings.Contains(x.name, "comments") || strings.Contains(x.name, "lines") || strings.HasPrefix(x.name, "keywords") || strings.HasPrefix(x.name, "a byte order mark") || strings.HasPrefix(x.name, "GO in another")
				switch {
				case x.name == "comments don't nest" || x.want == "" && !harmless:
					if !checked.Found.Refused() {
						t.Errorf("accepted: %s", got)
					}
				case got != x.want:
					t.Errorf("got\n%swant\n%s%v", got, x.want, checked.Found)
				}
			})
		}
	}
}

// A refusal says where, in the file as it is.
func TestCheckPlaces(t *testing.T) {
	s := exampleScript(t, "sqlite")
	at := strings.LastIndex(s.text, "\n"+`  t."Pnr",`) + 1
	line := strings.Count(s.text[:at], "\n") + 1
	for _, x := range []struct{ new, want string }{
		{`  t."Pnr" || t."Name",`, fmt.Sprintf("plan.sql:%d:14: error UR053", line)},
		{`  /* å */ sum(t."Name"),`, fmt.Sprintf("plan.sql:%d:15: error UR053", line)},
		{"\n  reveal(t.\"Pnr\"),", fmt.Sprintf("plan.sql:%d:3: error UR020", line+1)},
		{`  t."Pnr" t."Name",`, fmt.Sprintf("plan.sql:%d:12: error UR003", line)},
	} {
		checked := s.check(t, s.edited(t, `  t."Pnr",`, x.new))
		if len(checked.Found) != 1 || !strings.HasPrefix(checked.Found.Error(), x.want) {
			t.Errorf("%s: %v, want %s", x.new, checked.Found, x.want)
		}
		if n := checked.Count(filter.VerdictRefused); n != 1 {
			t.Errorf("%s: %d statements are refused", x.new, n)
		}
	}
}
