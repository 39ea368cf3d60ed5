package suite_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/corsproof/corsproof/harness/suite"
)

const fixtures = "../../fixtures/suites"

func fixtureFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"/*.yaml", "/format/*.yaml", "/parts/*.yaml"} {
		found, err := filepath.Glob(fixtures + pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 5 {
		t.Fatalf("there are %d fixtures", len(files))
	}
	return files
}

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(suite.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("suite.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("suite.schema.json")
	if err != nil {
		t.Fatalf("the schema is not valid: %v", err)
	}
	return schema
}

// asJSON is what an editor makes of a file, by way of the YAML library's own decoder.
func asJSON(file string) (any, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		return nil, err
	}
	document, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(document))
}

func TestSchemaTakesEveryFixture(t *testing.T) {
	schema := compiledSchema(t)
	for _, file := range fixtureFiles(t) {
		document, err := asJSON(file)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if err := schema.Validate(document); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestSchemaAndLoaderAgreeOnBrokenSuites(t *testing.T) {
	schema := compiledSchema(t)
	rejected, taken := 0, 0
	for _, file := range brokenFiles(t) {
		name := filepath.Base(file)
		if name == "too-many-aliases.yaml" {
			continue // as JSON it would fill the memory
		}
		document, err := asJSON(file)
		if err != nil || document == nil {
			continue // no YAML, YAML that a suite does without, or nothing at all
		}
		verdict := schema.Validate(document)
		switch structural, certain := structure(name); {
		case structural && verdict == nil:
			t.Errorf("%s: the schema takes it", name)
		case structural:
			rejected++
		case certain && verdict != nil:
			t.Errorf("%s: the loader finds no fault in its structure, the schema does: %v", name, verdict)
		case certain:
			taken++
		}
	}
	if rejected < 20 || taken < 10 {
		t.Errorf("%d structural mistakes and %d others were compared", rejected, taken)
	}
}

// structure says whether the loader finds a structural mistake in a file, and whether it can say that there is none: a missing
// value is the word null to a schema, and about YAML itself a schema knows nothing.
func structure(name string) (structural, certain bool) {
	_, err := suite.Load(context.Background(), name, brokenOptions())
	certain = true
	for _, p := range suite.Problems(err) {
		if p.File != name {
			continue
		}
		structural = structural || p.Structural()
		if strings.HasSuffix(p.What, "has no value") || p.Path == "" && p.Col > 1 {
			certain = false
		}
	}
	return structural, certain
}

// TestSchemaHasEveryFieldWithItsDescription compares the schema with the tables that the loader goes by.
func TestSchemaHasEveryFieldWithItsDescription(t *testing.T) {
	var schema struct {
		Properties map[string]map[string]any
		Defs       map[string]struct{ Properties map[string]map[string]any } `json:"$defs"`
	}
	if err := json.Unmarshal(suite.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	var inSchema []string
	collect := func(object string, properties map[string]map[string]any) {
		for name, property := range properties {
			if d, _ := property["description"].(string); d == "" {
				t.Errorf("%s.%s has no description", object, name)
			}
			inSchema = append(inSchema, object+"."+name)
		}
	}
	collect("suite", schema.Properties)
	for name, def := range schema.Defs {
		collect(name, def.Properties)
	}
	var inLoader []string
	for name := range suite.FieldPaths() {
		inLoader = append(inLoader, name)
	}
	for _, name := range inLoader {
		if !slices.Contains(inSchema, name) {
			t.Errorf("the schema lacks %s", name)
		}
	}
	for _, name := range inSchema {
		if !slices.Contains(inLoader, name) {
			t.Errorf("the schema has %s, which the loader does not know", name)
		}
	}
}

func TestSchemaStaysTheSame(t *testing.T) {
	golden(t, "testdata/suite.schema.json", string(suite.Schema()))
}
