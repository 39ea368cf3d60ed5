package html_test

import (
	"bytes"
	"testing"

	"github.com/corsproof/corsproof/harness/report/html"
	"github.com/corsproof/corsproof/harness/report/internal/reporttest"
)

func TestGolden(t *testing.T) {
	var b bytes.Buffer
	reporttest.Write(t, html.New(&b))
	reporttest.Golden(t, "orders.html", b.Bytes())
}
