//go:build !unix

package deliver

func makePipe(string) bool { return false }
