package tmpdeps
import (
_ "github.com/pingcap/tidb/pkg/parser"
_ "github.com/pingcap/tidb/pkg/parser/test_driver"
_ "modernc.org/sqlite"
_ "modernc.org/sqlite/lib"
_ "github.com/ProtonMail/go-crypto/openpgp/v2"
_ "github.com/klauspost/compress/zstd"
_ "github.com/hashicorp/hcl/v2/hclsyntax"
_ "github.com/spf13/cobra"
_ "github.com/agext/levenshtein"
_ "github.com/google/go-cmp/cmp"
_ "pgregory.net/rapid"
_ "github.com/rogpeppe/go-internal/testscript"
_ "golang.org/x/term"
_ "golang.org/x/sys/unix"
_ "github.com/zclconf/go-cty/cty"
)
