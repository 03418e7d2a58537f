package pmo

type code struct{ code, name string }

var icd10 = []code{{"A09", "Gastroenterit"}, {"B34.9", "Virusinfektion"}, {"E03.9", "Hypotyreos"}, {"E11.9", "Diabetes typ 2"},
	{"E78.5", "Hyperlipidemi"}, {"F32.9", "Depressiv episod"}, {"F41.1", "Generaliserat ångestsyndrom"}, {"F43.8A", "Utmattningssyndrom"},
	{"G43.9", "Migrän"}, {"G47.3", "Sömnapné"}, {"H10.9", "Konjunktivit"}, {"H66.9", "Otit"}, {"I10.9", "Essentiell hypertoni"},
	{"I25.9", "Kronisk ischemisk hjärtsjukdom"}, {"I48.9", "Förmaksflimmer"}, {"I50.9", "Hjärtsvikt"}, {"J01.9", "Sinuit"},
	{"J02.9", "Faryngit"}, {"J06.9", "Övre luftvägsinfektion"}, {"J18.9", "Pneumoni"}, {"J20.9", "Bronkit"}, {"J44.9", "KOL"},
	{"J45.9", "Astma"}, {"K21.9", "Gastroesofageal reflux"}, {"K29.7", "Gastrit"}, {"K59.0", "Förstoppning"}, {"L20.9", "Atopiskt eksem"},
	{"L30.9", "Dermatit"}, {"L40.9", "Psoriasis"}, {"M17.9", "Knäartros"}, {"M54.5", "Lumbago"}, {"M75.1", "Rotatorkuffsyndrom"},
	{"M79.1", "Myalgi"}, {"N30.0", "Akut cystit"}, {"N39.0", "Urinvägsinfektion"}, {"R05.9", "Hosta"}, {"R10.4", "Buksmärta"},
	{"R51.9", "Huvudvärk"}, {"R53.9", "Trötthet"}, {"S93.4", "Distorsion av fotled"}, {"T14.1", "Sår"}, {"Z00.0", "Hälsoundersökning"},
	{"Z23.9", "Vaccination"}, {"Z71.9", "Rådgivning"}, {"Z76.0", "Receptförnyelse"}}

var atc = []code{{"A02BC01", "Omeprazol"}, {"A10BA02", "Metformin"}, {"A10BJ06", "Semaglutid"}, {"A12AX01", "Kalcium med vitamin D3"},
	{"B01AC06", "Acetylsalicylsyra"}, {"B01AF02", "Apixaban"}, {"B03BA03", "Hydroxokobalamin"}, {"C03CA01", "Furosemid"},
	{"C07AB02", "Metoprolol"}, {"C08CA01", "Amlodipin"}, {"C09AA02", "Enalapril"}, {"C09CA06", "Kandesartan"}, {"C10AA05", "Atorvastatin"},
	{"D07AC01", "Betametason"}, {"G03AA07", "Levonorgestrel och etinylestradiol"}, {"H03AA01", "Levotyroxin"}, {"J01CA08", "Pivmecillinam"},
	{"J01CE02", "Fenoximetylpenicillin"}, {"M01AE01", "Ibuprofen"}, {"M01AE02", "Naproxen"}, {"N02AA05", "Oxikodon"}, {"N02BE01", "Paracetamol"},
	{"N02CC01", "Sumatriptan"}, {"N05CF01", "Zopiklon"}, {"N06AB04", "Citalopram"}, {"N06AB06", "Sertralin"}, {"N06AX11", "Mirtazapin"},
	{"R03AC02", "Salbutamol"}, {"R03AK07", "Formoterol och budesonid"}, {"R06AX27", "Desloratadin"}}

// analyses carry a mean, about which results are made.
var analyses = []struct {
	code
	unit string
	mean float64
}{
	{code{"NPU28309", "B-Hemoglobin"}, "g/L", 140}, {code{"NPU02593", "B-Leukocyter"}, "10^9/L", 6.5},
	{code{"NPU03568", "B-Trombocyter"}, "10^9/L", 250}, {code{"NPU19748", "P-CRP"}, "mg/L", 8},
	{code{"NPU03230", "P-Kalium"}, "mmol/L", 4.1}, {code{"NPU03429", "P-Natrium"}, "mmol/L", 140},
	{code{"NPU18016", "P-Kreatinin"}, "µmol/L", 75}, {code{"NPU27300", "B-HbA1c"}, "mmol/mol", 38},
	{code{"NPU02192", "P-Glukos"}, "mmol/L", 5.6}, {code{"NPU03577", "P-TSH"}, "mIU/L", 2.1},
	{code{"NPU01566", "P-Kolesterol"}, "mmol/L", 5.1}, {code{"NPU01568", "P-LDL-kolesterol"}, "mmol/L", 3.2},
	{code{"NPU19651", "P-ALAT"}, "µkat/L", 0.5}, {code{"NPU19763", "P-Ferritin"}, "µg/L", 90},
}

var visitTypes = []code{{"NY", "Nybesök"}, {"ÅB", "Återbesök"}, {"TEL", "Telefonkontakt"}, {"DIG", "Digitalt besök"}, {"HEM", "Hembesök"}, {"JOUR", "Jourbesök"}}

var roles = []code{{"LÄK", "Läkare"}, {"SSK", "Sjuksköterska"}, {"USK", "Undersköterska"}, {"FYS", "Fysioterapeut"}, {"SEK", "Medicinsk sekreterare"}, {"CHEF", "Verksamhetschef"}}

// codes fills the code systems.
func (g *generator) codes() {
	for _, s := range []struct {
		table string
		codes []code
	}{{"Icd10", icd10}, {"Atc", atc}, {"VisitType", visitTypes}, {"Role", roles}} {
		for _, c := range s.codes {
			g.Add(s.table, c.code, c.name)
		}
	}
	for _, a := range analyses {
		g.Add("Analysis", a.code.code, a.name, a.unit)
	}
}
