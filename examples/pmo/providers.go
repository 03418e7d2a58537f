package pmo

// The HSA-ids of the care providers. They are the same whatever the options, so that tests and tutorials can name them.
const (
	RegionExempel   = "SE5500000012-1000" // the region itself
	TallmoLakare    = "SE5500000020-1000"
	AngsoFamilje    = "SE5500000038-1000"
	NorrvikRehab    = "SE5500000046-1000"
	Exempelstad     = "SE5500000053-1000" // a municipality
	SjoangensHalsan = "SE5500000061-1000"
)

// Provider is one care provider of the database.
type Provider struct {
	HsaID              string
	OrganisationNumber string
	Name               string
	// UnitHsaID is one of the provider's units, which every scale has.
	UnitHsaID string
}

var providers = []Provider{
	{RegionExempel, "5500000012", "Region Exempel", "SE5500000012-U001"},
	{TallmoLakare, "5500000020", "Tallmo Läkargrupp AB", "SE5500000020-U002"},
	{AngsoFamilje, "5500000038", "Ängsö Familjeläkare AB", "SE5500000038-U003"},
	{NorrvikRehab, "5500000046", "Norrvik Rehab ekonomisk förening", "SE5500000046-U004"},
	{Exempelstad, "5500000053", "Exempelstads kommun", "SE5500000053-U005"},
	{SjoangensHalsan, "5500000061", "Stiftelsen Sjöängens Hälsa", "SE5500000061-U006"},
}

// Providers returns the care providers that [Generate] makes, whatever its options.
func Providers() []Provider { return append([]Provider(nil), providers...) }
