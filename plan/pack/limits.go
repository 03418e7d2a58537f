package pack

// Limits bound what a reader takes from a package, whoever made it. The zero value stands for the defaults.
type Limits struct {
	// Bytes is the greatest size of the archive once decompressed. 1 TiB.
	Bytes int64
	// Ratio is how many times larger than the sealed file the archive may be; it counts from the first GiB on. 1,000.
	Ratio int64
	// Cell is the greatest size of one cell's text in a row that is read, in bytes. 256 MiB.
	Cell int64

	// ratioFrom is smaller in tests.
	ratioFrom int64
}

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 1 << 40
	}
	if l.Ratio == 0 {
		l.Ratio = 1000
	}
	if l.Cell == 0 {
		l.Cell = 256 << 20
	}
	if l.ratioFrom == 0 {
		// A small table of zeros compresses ten thousandfold and does no harm.
		l.ratioFrom = 1 << 30
	}
	return l
}
