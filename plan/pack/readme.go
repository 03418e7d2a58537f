package pack

import "strings"

const readmeText = `Detta är ett utdrag: en vårdgivares uppgifter ur en databas som flera delar.
Innehållet omfattas av sekretess. Packa upp det bara där det får ligga, och radera
det när det är inläst.

Med Utdrag, utan att något skrivs ut i klartext:
     utdrag receive FIL --key NYCKEL --signer AVSÄNDARE --provider HSA-ID --state mottaget.json --to URL

Utan Utdrag, steg för steg:
  1. Läs in er privata nyckel och avsändarens öppna, en gång:
     gpg --import NYCKEL AVSÄNDARE
  2. Öppna paketet. Gå bara vidare om gpg säger att underskriften är avsändarens:
     gpg --output p.tar# --decrypt FIL
  3. Packa upp i en egen mapp:
     mkdir utdrag && @tar -x -C utdrag$
  4. Läs in i en ny databas:
     #sv
  5. Radera p.tar# och mappen.

  manifest.json    vad paketet innehåller: tabeller, kolumner, radantal, SHA-256
  schema.sql       tabellernas definition
  data/            en mapp per tabell; delarna efter varandra är en CSV-fil (RFC 4180)

I CSV-filerna står all text inom citattecken. NULL är \N utan citattecken. Text som
bara består av omvända snedstreck följda av N har ett extra snedstreck. Binärt innehåll
är hexadecimalt. Oändlighet är 1e999 eller -1e999. I kolumner utan typ har varje cell
ett förled: integer:, real:, text:, hex:.

--------------------------------------------------------------------------------------

This is an extract: one care provider's data out of a database that several share.
It is confidential. Unpack it only where it may be kept, and erase it once loaded.

With Utdrag, with nothing written in clear:
     utdrag receive FILE --key KEY --signer SENDER --provider HSA-ID --state received.json --to URL

Without Utdrag, step by step:
  1. Import your private key and the sender's public one, once:
     gpg --import KEY SENDER
  2. Open the package. Go on only if gpg says that the signature is the sender's:
     gpg --output p.tar# --decrypt FILE
  3. Unpack it into a folder of its own:
     mkdir extract && @tar -x -C extract$
  4. Load it into a new database:
     #en
  5. Erase p.tar# and the folder.

  manifest.json    what the package holds: tables, columns, row counts, SHA-256
  schema.sql       the tables' definitions
  data/            a folder for each table; its parts in a row are one CSV file (RFC 4180)

In the CSV files all text is quoted. NULL is \N without quotes. Text that consists of
backslashes followed by N has one more backslash. Binary content is hexadecimal.
Infinity is 1e999 or -1e999. In columns without a type every cell has a prefix:
integer:, real:, text:, hex:.
`

// readme tells whoever unpacks a package what it is, in Swedish and English, and how it is loaded with stock tools.
func readme(c Compression, engine string) []byte {
	extension, filter, rest := "", "", " -f p.tar"
	switch c {
	case Zstd:
		extension, filter, rest = ".zst", "zstd -dc p.tar.zst | ", ""
	case Gzip:
		extension, filter, rest = ".gz", "gzip -dc p.tar.gz | ", ""
	}
	swedish, english := "utdrag load FIL --key NYCKEL --to sqlserver://…, postgres://… eller sqlite:…", "utdrag load FILE --key KEY --to sqlserver://…, postgres://… or sqlite:…"
	switch {
	case isLoose(engine):
		swedish, english = "cd utdrag && sh load.sh ../kopia.db      (sqlite3 3.40 eller senare)", "cd extract && sh load.sh ../copy.db      (sqlite3 3.40 or later)"
	case engine == "postgres":
		swedish = "cd utdrag && createdb kopia && psql -X -d kopia -f load.sql"
		english = "cd extract && createdb copy && psql -X -d copy -f load.sql"
	case engine == "sqlserver":
		swedish = "sqlcmd -S SERVER -Q \"CREATE DATABASE kopia\"\n     sqlcmd -S SERVER -d kopia -b -f 65001 -i utdrag\\load.sql -v folder=\"MAPP\"\n" +
			"     MAPP är uppackningsmappen så som servern ser den (SQL Server 2017, på Linux 2019, eller senare).\n     Saknas load.sql: " + swedish
		english = "sqlcmd -S SERVER -Q \"CREATE DATABASE copy\"\n     sqlcmd -S SERVER -d copy -b -f 65001 -i extract\\load.sql -v folder=\"FOLDER\"\n" +
			"     FOLDER is the unpacked folder as the server sees it (SQL Server 2017, on Linux 2019, or later).\n     If there is no load.sql: " + english
	}
	return []byte(strings.NewReplacer("p.tar#", "p.tar"+extension, "@", filter, "extract$", "extract"+rest, "utdrag$", "utdrag"+rest, "#sv", swedish, "#en", english).Replace(readmeText))
}
