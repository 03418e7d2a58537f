// Package postgres is the engine for PostgreSQL servers.
package postgres

import (
	_ "github.com/jackc/pgx/v5"
)
