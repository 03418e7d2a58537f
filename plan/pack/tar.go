package pack

import (
	"bytes"
	"fmt"
	"io"
)

// A package's archive is POSIX ustar and nothing more: every header is wholly given by a name and a size. So a reader
// needn't judge headers field by field (links, devices, owners, PAX records); it makes the header that a writer would
// have made and compares all 512 bytes.
const blockSize = 512

type block [blockSize]byte

var zeroBlock block

// header is the header of a plain file of mode 0644, owner 0:0 and time 0. name has at most 100 bytes.
func header(name string, size int64) (b block) {
	copy(b[0:100], name)
	copy(b[100:], "0000644\x00")
	copy(b[108:], "0000000\x00")
	copy(b[116:], "0000000\x00")
	copy(b[124:], fmt.Sprintf("%011o\x00", size))
	copy(b[136:], "00000000000\x00")
	copy(b[148:], "        ")
	b[156] = '0'
	copy(b[257:], "ustar\x0000")
	copy(b[329:], "0000000\x00")
	copy(b[337:], "0000000\x00")
	sum := 0
	for _, c := range b {
		sum += int(c)
	}
	copy(b[148:], fmt.Sprintf("%06o\x00 ", sum))
	return b
}

// readHeader reads the next header. At the archive's end it has read both closing blocks and returns io.EOF.
func readHeader(r io.Reader) (name string, size int64, err error) {
	var b block
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return "", 0, cut(err)
	}
	if b == zeroBlock {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return "", 0, cut(err)
		}
		if b != zeroBlock {
			return "", 0, refused(codeEntry, "", "the archive goes on after its end")
		}
		return "", 0, io.EOF
	}
	raw, _, _ := bytes.Cut(b[:100], []byte{0})
	name = string(raw)
	for _, c := range b[124:135] {
		if c < '0' || c > '7' {
			return "", 0, foreign()
		}
		size = size<<3 | int64(c-'0')
	}
	if len(name) == 0 || header(name, size) != b {
		return "", 0, foreign()
	}
	return name, size, nil
}

func foreign() error {
	return refused(codeEntry, "a package holds plain files only; this was not made by Utdrag",
		"the archive holds an entry that is no plain file of a package")
}

func padding(size int64) int { return int(-size & (blockSize - 1)) }

// cut makes an end where more was promised an error like any other.
func cut(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
