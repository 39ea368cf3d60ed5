package chromium

import (
	"os"
	"path"
	"strings"
	"testing"
)

func TestTheSetUpScriptLooksForBrowsersInTheSamePlaces(t *testing.T) {
	script, err := os.ReadFile("../../../scripts/setup.sh")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(script), "have_browser() {")
	list, _, _ = strings.Cut(list, "\n}")
	words := strings.Fields(strings.NewReplacer("\\", " ", ";", " ").Replace(list))
	for _, goos := range []string{"linux", "darwin"} {
		for _, place := range places(goos) {
			found := strings.Contains(list, `"`+path.Base(place)+`"`)
			for _, word := range words {
				found = found || word == place
			}
			if !found {
				t.Errorf("scripts/setup.sh does not look for %s", place)
			}
		}
	}
}
