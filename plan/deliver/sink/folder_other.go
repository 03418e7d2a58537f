//go:build !linux

package sink

func (s *folderShelf) renameNew(from, to string) (string, error) { return s.renameAfterLook(from, to) }

func (s *folderShelf) free() (int64, bool) { return 0, false }
