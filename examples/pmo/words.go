package pmo

// The commonest names of Sweden, after the lists of Statistics Sweden.
var (
	womensNames = []string{"Anna", "Eva", "Maria", "Karin", "Kristina", "Lena", "Sara", "Kerstin", "Emma", "Ingrid", "Malin",
		"Jenny", "Marie", "Birgitta", "Hanna", "Linda", "Annika", "Elin", "Åsa", "Susanne", "Johanna", "Monica", "Ulla",
		"Elisabeth", "Helena", "Sofia", "Julia", "Ida", "Inger", "Amanda", "Agneta", "Gunilla", "Fatima", "Märta", "Siv"}
	mensNames = []string{"Lars", "Mikael", "Anders", "Johan", "Per", "Erik", "Karl", "Peter", "Thomas", "Jan", "Daniel",
		"Fredrik", "Andreas", "Hans", "Stefan", "Mohammed", "Mattias", "Marcus", "Jonas", "Alexander", "Bengt", "Henrik",
		"Magnus", "Oskar", "Bo", "Nils", "Björn", "Åke", "Gustav", "Emil", "Göran", "Håkan", "Ali", "Leif", "Sven"}
	familyNames = []string{"Andersson", "Johansson", "Karlsson", "Nilsson", "Eriksson", "Larsson", "Olsson", "Persson",
		"Svensson", "Gustafsson", "Pettersson", "Jonsson", "Jansson", "Hansson", "Bengtsson", "Jönsson", "Lindberg",
		"Jakobsson", "Magnusson", "Lindström", "Olofsson", "Lindqvist", "Lindgren", "Axelsson", "Berg", "Lundberg",
		"Bergström", "Lundgren", "Lind", "Lundqvist", "Mattsson", "Berglund", "Fredriksson", "Sandberg", "Henriksson",
		"Ali", "Mohamed", "Forsberg", "Sjöberg", "Wallin", "Engström", "Eklund", "Danielsson", "Lundin", "Håkansson",
		"Björk", "Gunnarsson", "Holm", "Bergman", "Wikström"}
)

var (
	unitKinds  = []string{"Vårdcentral", "Barnavårdscentral", "Rehabmottagning", "Distriktssköterskemottagning", "Ungdomsmottagning", "Jourmottagning"}
	placeNames = []string{"Björken", "Eken", "Kvarnen", "Torget", "Hamnen", "Ängen", "Sjöstaden", "Åsen", "Lövsta", "Granby", "Västra", "Östra"}
	streets    = []string{"Storgatan", "Kyrkogatan", "Skolvägen", "Björkvägen", "Ringvägen", "Åkervägen", "Parkgatan", "Ängsvägen"}
	cities     = []string{"Exempelstad", "Ängsö", "Tallmo", "Norrvik", "Sjöängen"}
	titles     = []string{"Specialistläkare", "ST-läkare", "Distriktssköterska", "Sjuksköterska", "Undersköterska", "Fysioterapeut", "Medicinsk sekreterare"}

	reasons    = []string{"Hosta och feber", "Ont i knät", "Årskontroll", "Blodtryckskontroll", "Utslag", "Ryggvärk", "Trötthet", "Vaccination", "Såromläggning", "Huvudvärk"}
	findings   = []string{"Gott allmäntillstånd.", "Opåverkad.", "Lungor: vesikulära andningsljud bilateralt.", "Hjärta: regelbunden rytm, inga biljud.", "Buk mjuk och oöm.", "Måttlig ömhet över muskelfästen.", "Inga svullna lymfkörtlar.", "Neurologi utan anmärkning."}
	plans      = []string{"Exspektans, åter vid försämring.", "Recept enligt läkemedelslista.", "Prover tas i dag, svar per brev.", "Remiss till fysioterapeut.", "Ny kontroll om tre månader.", "Egenvårdsråd ges."}
	templates  = []string{"Besöksanteckning", "Telefonkontakt", "Omvårdnad", "Epikris"}
	keywords   = []string{"Aktuellt", "Status", "Bedömning", "Åtgärd", "Planering"}
	dosages    = []string{"1 tablett dagligen", "1 tablett 2 gånger dagligen", "2 tabletter vid behov, högst 8 per dygn", "1 inhalation morgon och kväll"}
	documents  = []string{"Skannat intyg", "EKG", "Remissvar", "Foto av sår", "Inkommet brev"}
	activities = []string{"Läsa", "Läsa", "Läsa", "Skriva", "Signera", "Skriva ut"}
	purposes   = []string{"Vård och behandling", "Vård och behandling", "Vård och behandling", "Administration", "Kvalitetssäkring"}
	questions  = []string{"Tacksam för bedömning.", "Utredning av långvariga besvär.", "Önskar övertagande av kontroller.", "Frågeställning: artros?"}
	hosts      = []string{"pmo-app-1", "pmo-app-2", "pmo-db"}
	messages   = []string{"nattlig körning klar", "kön till laboratoriet tömd", "säkerhetskopia tagen", "långsam fråga avbruten"}
)
