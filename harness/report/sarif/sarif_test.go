package sarif_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/corsproof/corsproof/harness/report"
	"github.com/corsproof/corsproof/harness/report/internal/reporttest"
	"github.com/corsproof/corsproof/harness/report/sarif"
)

func TestGolden(t *testing.T) {
	var b bytes.Buffer
	reporttest.Write(t, sarif.New(&b))
	reporttest.Golden(t, "orders.sarif", b.Bytes())
}

// official is OASIS's own schema.
func official(t *testing.T) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestTheOfficialSchemaHolds(t *testing.T) {
	s := official(t)
	expected := reporttest.Results()[2]
	expected.Verdict, expected.Checks, expected.At = report.Pass, nil, "/a b/ü:c.yaml:1:2"
	odd := reporttest.Results()[2]
	odd.Checks[0].At, odd.Checks[1].At, odd.Findings[0].Severity = "a:b.yaml", "", "odd"
	for name, results := range map[string][]report.Result{"none": nil, "all": reporttest.Results(), "expected": {expected, odd}} {
		var b bytes.Buffer
		reporttest.WriteThese(t, sarif.New(&b), results)
		if err := validate(t, s, b.String()); err != nil {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
		if name == "all" {
			broken := strings.Replace(b.String(), `"level":"error"`, `"level":"fatal"`, 1)
			if validate(t, s, broken) == nil {
				t.Error("the schema holds for a level that is none")
			}
		}
	}
	var b bytes.Buffer
	if err := sarif.New(&b).End(report.Summary{}); err != nil || validate(t, s, b.String()) != nil {
		t.Errorf("a run that never began: %v\n%s", err, b.String())
	}
}
