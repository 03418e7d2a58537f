package pgtest

import "testing"

func TestMain(m *testing.M) { Main(m) }

func TestServer(t *testing.T) {
	s := Server(t)
	if other := Server(t); other != s {
		t.Error("there are two servers")
	}
	url := s.Database(t)
	s.Exec(t, url, "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (NULL)")
	got := s.Query(t, url, "SELECT a FROM t ORDER BY a")
	if len(got) != 2 || got[0][0] != "1" || got[1][0] != "<null>" {
		t.Errorf("got %q", got)
	}
	if got := s.Query(t, s.Database(t), "SELECT count(*) FROM pg_class WHERE relname = 't'"); got[0][0] != "0" {
		t.Error("databases share tables")
	}
}
