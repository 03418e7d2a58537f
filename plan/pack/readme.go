package pack

import "strings"

const readmeText = `Detta är ett utdrag: en vårdgivares uppgifter ur en databas som flera delar.
Innehållet omfattas av sekretess. Packa upp det bara där det får ligga, och radera
det när det är inläst.

  Packa upp        gpg --decrypt FIL @| tar -x
  Ett tips         titta på vad gpg säger om underskriften innan ni litar på innehållet
  Läs in           #sv

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

  Unpack           gpg --decrypt FILE @| tar -x
  A hint           read what gpg says of the signature before you trust the content
  Load             #en

  manifest.json    what the package holds: tables, columns, row counts, SHA-256
  schema.sql       the tables' definitions
  data/            a folder for each table; its parts in a row are one CSV file (RFC 4180)

In the CSV files all text is quoted. NULL is \N without quotes. Text that consists of
backslashes followed by N has one more backslash. Binary content is hexadecimal.
Infinity is 1e999 or -1e999. In columns without a type every cell has a prefix:
integer:, real:, text:, hex:.
`

// readme tells whoever unpacks a package what it is, in Swedish and English. A package of a SQLite source has a script that
// loads it with stock tools.
func readme(c Compression, engine string) []byte {
	filter := ""
	switch c {
	case Zstd:
		filter = "| zstd -d "
	case Gzip:
		filter = "| gzip -d "
	}
	swedish, english := "utdrag load FIL --key NYCKEL --to sqlserver://…, postgres://… eller sqlite:…", "utdrag load FILE --key KEY --to sqlserver://…, postgres://… or sqlite:…"
	if isLoose(engine) {
		swedish, english = "sh load.sh kopia.db      (sqlite3 3.40 eller senare)", "sh load.sh copy.db       (sqlite3 3.40 or later)"
	}
	return []byte(strings.NewReplacer("@", filter, "#sv", swedish, "#en", english).Replace(readmeText))
}
