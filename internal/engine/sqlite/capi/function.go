package capi

import (
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// Function is a function for SQL whose arguments are all blobs. It is pure, and reports false for arguments that it refuses.
type Function func(args [][]byte) (string, bool)

// functions are those that connections were given, by the number that SQLite keeps for them.
var functions struct {
	sync.RWMutex
	list []Function
}

// Register keeps a function, for [Conn.CreateFunction]. It is for variables of packages: nothing is ever forgotten.
func Register(f Function) (number uintptr) {
	functions.Lock()
	defer functions.Unlock()
	functions.list = append(functions.list, f)
	return uintptr(len(functions.list))
}

// CreateFunction gives the connection a registered function. A statement fails where its arguments are not blobs, or refused.
func (c *Conn) CreateFunction(name string, args int, number uintptr) error {
	text, err := libc.CString(name)
	if err != nil {
		return errMemory
	}
	defer libc.Xfree(c.tls, text)
	return c.check(lib.Xsqlite3_create_function_v2(c.tls, c.db, text, int32(args), lib.SQLITE_UTF8|lib.SQLITE_DETERMINISTIC|lib.SQLITE_INNOCUOUS, number, entry(call), 0, 0, 0))
}

// entry is the address of a Go function as SQLite, translated to Go, calls it: what a variable of a function type holds.
func entry(f func(*libc.TLS, uintptr, int32, uintptr)) uintptr {
	return *(*uintptr)(unsafe.Pointer(&f))
}

// call is what SQLite calls. It must not be a closure: nothing keeps one alive.
func call(tls *libc.TLS, context uintptr, count int32, values uintptr) {
	functions.RLock()
	f := functions.list[lib.Xsqlite3_user_data(tls, context)-1]
	functions.RUnlock()
	args := make([][]byte, count)
	for i := range args {
		v := pointerAt(values + uintptr(i)*unsafe.Sizeof(uintptr(0)))
		if lib.Xsqlite3_value_type(tls, v) != lib.SQLITE_BLOB {
			refuse(tls, context)
			return
		}
		if n := lib.Xsqlite3_value_bytes(tls, v); n > 0 {
			args[i] = memory(lib.Xsqlite3_value_blob(tls, v), int(n))
		}
	}
	result, ok := f(args)
	text, err := libc.CString(result)
	if !ok || err != nil {
		refuse(tls, context)
		return
	}
	defer libc.Xfree(tls, text)
	lib.Xsqlite3_result_text(tls, context, text, int32(len(result)), lib.SQLITE_TRANSIENT)
}

// refuse fails the statement without a word of its arguments.
func refuse(tls *libc.TLS, context uintptr) {
	lib.Xsqlite3_result_error_code(tls, context, lib.SQLITE_MISMATCH)
}
