//go:build !unix

package disclosure

// child isn't run here: the tests of crashes need signals.
func child(string) int { return 3 }
