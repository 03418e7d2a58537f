package disclosure

import "testing"

// A person's number as people and programs write it, in the order's free text.
func TestAttackPersonNumbersInWords(t *testing.T) {
	for _, text := range []string{
		"191212121212", "19121212-1212", "121212-1212", "1212121212", "121212+1212", "19121212 1212", "1912-12-12-1212", "x191212121212y",
		"121272-1212", "samordningsnummer 19121272-1212", "19121212–1212", "19121212−1212", "19121212‐1212", "19121212‑1212", "19121212‒1212", "19121212—1212",
		"19121212－1212", "121212  -  1212", "1912 12 12 1212", "12 12 12-1212", "1912.12.12-1212", "1912/12/12-1212", "(121212-1212)", "pnr:121212-1212.",
	} {
		if !personal(text) {
			t.Errorf("%q passes", text)
		}
	}
	for _, text := range []string{
		"Statistik och uppföljning", "2026-01-01 - 2026-12-31", "2026-01-01 – 2026-12-31", "2026.01.01 - 2026.12.31", "2026/01/01-2026/12/31", "5500000020", "550000-0020", "SE5500000020-1000",
		"20260102T150405Z", "§ 12 i avtal 2026/1234", "kvartal 1 2026", "0980-319201", "diarienummer 2026-00123",
	} {
		if personal(text) {
			t.Errorf("%q is refused", text)
		}
	}
}
