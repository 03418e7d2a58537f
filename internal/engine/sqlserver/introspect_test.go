package sqlserver

import (
	"slices"
	"strings"
	"testing"

	"github.com/utdrag/utdrag/filter/catalog"
	"github.com/utdrag/utdrag/internal/engine"
	"github.com/utdrag/utdrag/mask/value"
)

// rich is a database in which a table has almost everything that a table can have.
var rich = []string{
	"CREATE SCHEMA [code å]",
	"CREATE TYPE dbo.PersonNr FROM varchar(13) NOT NULL",
	`CREATE TABLE [code å].[Icd "10"] (Code char(7) NOT NULL PRIMARY KEY, [it's select] nvarchar(max) NULL)`,
	`CREATE TABLE dbo.Provider (Id int IDENTITY(10,5) NOT NULL CONSTRAINT PK_Provider PRIMARY KEY CLUSTERED, HsaId varchar(31) NOT NULL CONSTRAINT UQ_Hsa UNIQUE,
		Name nvarchar(100) NULL, Short AS (SUBSTRING(Name, 1, 3)) PERSISTED)`,
	`CREATE TABLE dbo.Visit (Id bigint NOT NULL, Seq smallint NOT NULL, ProviderId int NULL, Person dbo.PersonNr, Amount decimal(18,4) DEFAULT (0), M money, S smallmoney,
		D date, T time(3), DT datetime, SDT smalldatetime, D2 datetime2(6), DTO datetimeoffset(6), U uniqueidentifier NOT NULL, X xml, B varbinary(max), Bi bit NOT NULL DEFAULT (1),
		SV sql_variant, R real, F float, TX text, NT ntext, IM image, N nchar(3), Bin binary(4), PrevId bigint, PrevSeq smallint,
		CONSTRAINT PK_Visit PRIMARY KEY (Seq, Id), CONSTRAINT CK_Amount CHECK (Amount >= 0),
		CONSTRAINT FK_Provider FOREIGN KEY (ProviderId) REFERENCES dbo.Provider (Id) ON DELETE CASCADE,
		CONSTRAINT FK_Previous FOREIGN KEY (PrevSeq, PrevId) REFERENCES dbo.Visit (Seq, Id))`,
	"CREATE INDEX IX_Day ON dbo.Visit (D DESC, ProviderId)",
	"CREATE UNIQUE INDEX UX_U ON dbo.Visit (U)",
	"CREATE TRIGGER TR_Visit ON dbo.Visit AFTER INSERT AS BEGIN SET NOCOUNT ON END",
	"INSERT INTO dbo.Provider (HsaId) VALUES ('SE1'), ('SE2')",
	"CREATE VIEW dbo.Seen AS SELECT Id FROM dbo.Visit",
}

func describe(t *testing.T, s *server, statements ...string) *catalog.Catalog {
	t.Helper()
	c, err := introspect(t.Context(), s.session(s.database(statements...)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// found is a table by its name, whose case a server may have lost.
func foundTable(t *testing.T, c *catalog.Catalog, schema, name string) *catalog.Table {
	t.Helper()
	for i := range c.Tables {
		if c.Tables[i].Schema == schema && strings.EqualFold(c.Tables[i].Name.Table, name) {
			return &c.Tables[i]
		}
	}
	t.Fatalf("there is no table %s.%s", schema, name)
	return nil
}

func TestIntrospect(t *testing.T) {
	s := live(t)
	c := describe(t, s, rich...)
	if c.Engine != Name || c.DefaultSchema != "dbo" || !c.NullsCollide || !c.FoldsCase || !strings.HasPrefix(c.Database, "h3_") || len(c.Tables) != 3 {
		t.Errorf("%+v", c)
	}
	if len(c.DataTypes) != 1 || !strings.EqualFold(c.DataTypes[0].Definition, "CREATE TYPE [dbo].[PersonNr] FROM varchar(13) NOT NULL") && !s.babelfish {
		t.Errorf("data types: %+v", c.DataTypes)
	}
	icd := foundTable(t, c, "code å", `Icd "10"`)
	if len(icd.Columns) != 2 || icd.Columns[1].Name != "it's select" || icd.PrimaryKey == nil {
		t.Errorf("%+v", icd)
	}
	provider := foundTable(t, c, "dbo", "Provider")
	id := provider.Column("Id")
	if !id.Identity || id.Numbering == nil || id.Numbering.Start != 10 || id.Numbering.Increment != 5 || !id.Numbering.Always || id.Numbering.Last == nil || *id.Numbering.Last != 15 || id.Nullable {
		t.Errorf("%+v", id)
	}
	if short := provider.Column("Short"); short.Computed == "" || !short.Stored || short.Inserted() {
		t.Errorf("%+v", short)
	}
	if !s.babelfish && (!provider.PrimaryKey.Clustered || provider.PrimaryKey.Name != "PK_Provider") { // where every key is an index beside the rows
		t.Errorf("%+v", provider.PrimaryKey)
	}
	if len(provider.UniqueKeys) != 1 || !slices.Equal(provider.UniqueKeys[0].Columns, []string{"HsaId"}) {
		t.Errorf("%+v", provider.UniqueKeys)
	}
	if provider.RowEstimate == nil && !s.babelfish { // which counts rows when it gathers statistics
		t.Error("no row estimate")
	}
	visit := foundTable(t, c, "dbo", "Visit")
	want := map[string]string{"Id": "bigint", "Seq": "smallint", "Person": "varchar(13)", "Amount": "decimal(18,4)", "M": "money", "S": "smallmoney", "D": "date", "T": "time(3)", "DT": "datetime",
		"SDT": "smalldatetime", "D2": "datetime2(6)", "DTO": "datetimeoffset(6)", "U": "uniqueidentifier", "X": "xml", "B": "varbinary(max)", "Bi": "bit", "SV": "sql_variant", "R": "real", "F": "float",
		"TX": "text", "NT": "ntext", "IM": "image", "N": "nchar(3)", "Bin": "binary(4)"}
	for name, words := range want {
		c := visit.Column(name)
		if c == nil || c.EngineType != words {
			t.Errorf("column %s is %+v, want %s", name, c, words)
			continue
		}
		base, _ := baseOf(words)
		if c.Type.Kind != ownTypes[base].kind || (c.Type.Kind == value.String) != (c.Type.Collation.Name != "") || c.Type.Narrow != narrow[base] {
			t.Errorf("column %s is %+v", name, c.Type)
		}
	}
	if visit.Column("Person").DataType != c.DataTypes[0].Name {
		t.Errorf("%+v", visit.Column("Person"))
	}
	if d := visit.Column("Amount").Default; !strings.Contains(d, "0") {
		t.Errorf("the default is %q", d)
	}
	if !slices.Equal(visit.PrimaryKey.Columns, []string{"Seq", "Id"}) {
		t.Errorf("%+v", visit.PrimaryKey)
	}
	if len(visit.Indexes) != 1 || !slices.Equal(visit.Indexes[0].Columns, []string{"D", "ProviderId"}) || !strings.HasSuffix(visit.Indexes[0].Definition, "([D] DESC, [ProviderId])") {
		t.Errorf("%+v", visit.Indexes)
	}
	if len(visit.UniqueKeys) != 1 || !slices.Equal(visit.UniqueKeys[0].Columns, []string{"U"}) {
		t.Errorf("%+v", visit.UniqueKeys)
	}
	if len(visit.Checks) != 1 || !slices.Equal(visit.Checks[0].Columns, []string{"Amount"}) || strings.HasPrefix(visit.Checks[0].Expression, "(") {
		t.Errorf("%+v", visit.Checks)
	}
	if len(visit.ForeignKeys) != 2 || !slices.Equal(visit.ForeignKeys[0].ChildColumns(), []string{"PrevSeq", "PrevId"}) || !slices.Equal(visit.ForeignKeys[0].ParentColumns(), []string{"Seq", "Id"}) ||
		visit.ForeignKeys[1].OnDelete != "CASCADE" || visit.ForeignKeys[1].Parent != provider.Name || visit.ForeignKeys[1].Untrusted {
		t.Errorf("%+v", visit.ForeignKeys)
	}
	if len(visit.Triggers) != 1 {
		t.Errorf("triggers %v", visit.Triggers)
	}
}

// What is described can be made again, and is described in the same way then.
func TestDefinitionRoundTrip(t *testing.T) {
	s := live(t)
	c := describe(t, s, rich...)
	d := engine.Definition{DataTypes: c.DataTypes, Tables: c.Tables}
	var statements []string
	before, err := Dialect{}.Prepare(d)
	if err != nil {
		t.Fatal(err)
	}
	statements = append(statements, before...)
	for i := range d.Tables {
		text, err := Dialect{}.CreateTable("", &d.Tables[i])
		if err != nil {
			t.Fatal(err)
		}
		statements = append(statements, text)
	}
	for i := range d.Tables {
		for _, x := range d.Tables[i].Indexes {
			text, err := Dialect{}.CreateIndex("", &d.Tables[i], x)
			if err != nil {
				t.Fatal(err)
			}
			statements = append(statements, text)
		}
		complete, err := Dialect{}.Complete("", &d.Tables[i])
		if err != nil {
			t.Fatal(err)
		}
		statements = append(statements, complete...)
	}
	again := describe(t, s, statements...)
	for i := range d.Tables {
		d.Tables[i].Triggers = nil // a copy has none
	}
	for _, difference := range catalog.Compare(c, again) {
		if s.babelfish && (strings.HasPrefix(difference.Part, "index ") || strings.HasPrefix(difference.Part, "unique key ") || strings.HasPrefix(difference.Part, "data type ")) {
			continue // it changes the names of indexes
		}
		t.Error(difference)
	}
}

// The masks' functions count code points, whatever the text's type.
func TestMaskFunctions(t *testing.T) {
	s := live(t)
	d := Dialect{}
	conn := s.session(s.database("CREATE TABLE dbo.T (V varchar(20), N nvarchar(20), X nvarchar(max), C char(6), NT ntext)",
		"INSERT INTO dbo.T VALUES ('abc  ', N'a\U0001f600å ', N'', 'ab', N'långt ')"))
	for expression, want := range map[string]string{
		d.Length("V"): "5", d.Length("N"): "4", d.Length("X"): "0", d.Length("C"): "6", d.Length("NT"): "6",
		d.Substring("N", "2", "1"): "\U0001f600", d.Substring("N", "3", "2"): "å ", d.Substring("V", "9", "1"): "", d.Substring("NT", "2", "1"): "å", d.Substring("V", "1", "LEN(X)"): "",
		d.Repeat("*", "3"): "***", d.Repeat("'", "0"): "", d.Repeat("å", d.Length("C")): "åååååå", d.Concat("V", "N'x'"): "abc  x", d.Concat(): "",
	} {
		if s.babelfish { // it has no such collation, and counts code points under any
			expression = withoutSupplementary(expression)
		}
		var got string
		if err := one(t.Context(), conn, "SELECT CONVERT(nvarchar(max), "+expression+") FROM dbo.T", &got); err != nil || got != want {
			t.Errorf("%s is %q, want %q: %v", expression, got, want, err)
		}
	}
}

// A literal is exactly the value, compared as its column compares it.
func TestLiteralsOnServer(t *testing.T) {
	s := live(t)
	database := s.database()
	conn := s.session(database)
	for words, v := range map[string]value.Value{
		"bit": value.NewBool(true), "tinyint": value.NewInt(255), "int": value.NewInt(-1 << 31), "bigint": value.NewInt(-1 << 63), "decimal(38,10)": value.NewDecimal("-1234567890123456789012345678.0123456789"),
		"money": value.NewDecimal("-922337203685477.5808"), "smallmoney": value.NewDecimal("214748.3647"), "float": value.NewFloat(-1.7976931348623157e308), "real": value.NewFloat(1.5),
		"varchar(20)": value.NewText("it's"), "nvarchar(20)": value.NewText("a\nå\U0001f600'"), "nvarchar(max)": value.NewText(strings.Repeat("å'", 5000)), "varbinary(10)": value.NewBytes([]byte{0, 255, 0}),
		"date": value.NewTime("0001-01-01"), "time(3)": value.NewTime("23:59:59.999"), "datetime": value.NewTime("9999-12-31T23:59:59.997"), "smalldatetime": value.NewTime("2079-06-06T23:59:00"),
		"datetime2(6)": value.NewTime("2026-01-31T08:00:00.123456"), "datetimeoffset(6)": value.NewTime("2026-01-31T08:00:00.123456-05:30"), "uniqueidentifier": value.NewText("00112233-4455-6677-8899-aabbccddeeff"),
	} {
		c := ofType(t, words)
		literal := Dialect{}.Literal(v, c.Type)
		table := "T" + strings.Trim(strings.NewReplacer("(", "_", ")", "", ",", "_").Replace(words), "_")
		if err := batch(t.Context(), conn, "CREATE TABLE dbo."+table+" (C "+words+" NULL); INSERT INTO dbo."+table+" (C) VALUES ("+literal+")"); err != nil {
			t.Errorf("%s: %s: %v", words, literal, err)
			continue
		}
		var n int
		if err := one(t.Context(), conn, "SELECT COUNT(*) FROM dbo."+table+" WHERE C = "+literal, &n); err != nil || n != 1 {
			t.Errorf("%s: %s is found %d times: %v", words, literal, n, err)
		}
		snap := s.begin(database)
		rows, err := snap.Query(t.Context(), "SELECT C FROM dbo."+table)
		if got := rowsOf(t, rows, err, 1); len(got) != 1 || !value.Equal(got[0][0], v) {
			t.Errorf("%s: %s comes back as %v", words, literal, got)
		}
		snap.Close()
	}
}
