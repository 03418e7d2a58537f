package postgres

// Session makes names of functions and operators mean the server's own: a function of the same name in another schema, with
// types that fit better, would be called instead. Texts are read as this package and its readers do.
func (Dialect) Session() []string {
	return []string{"SET search_path = pg_catalog, pg_temp", "SET standard_conforming_strings = on"}
}
