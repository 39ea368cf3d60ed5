package servers_test

import (
	"net/http"
	"testing"

	"github.com/corsproof/corsproof/servers"
	"github.com/corsproof/corsproof/servers/orders"
)

// How long they take is a figure of make bench: fleet-start.
func TestOneOfEachServerRunsBesideTheOthersInLessThanAGigabyte(t *testing.T) {
	fleet, err := servers.StartFleet(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := fleet.Close(); err != nil {
			t.Error(err)
		}
	}()
	taken := map[string]string{}
	for _, name := range servers.Names() {
		t.Run(name, func(t *testing.T) {
			if missing := fleet.Missing[name]; missing != nil {
				t.Skip(missing)
			}
			url := fleet.URLs[name]
			if other := taken[url]; other != "" {
				t.Errorf("it listens where %s does", other)
			}
			taken[url] = name
			answers(t, url+orders.Order)
		})
	}
	bytes, err := fleet.Memory()
	if err != nil {
		t.Skip(err)
	}
	t.Logf("%d MB in %d servers", bytes/1e6, len(fleet.URLs))
	if bytes >= 1e9 || len(fleet.Missing) == 0 && bytes < 100e6 {
		t.Errorf("they take %d MB", bytes/1e6)
	}
}

// answers asks as the app does.
func answers(t *testing.T, url string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", "https://app.example.com")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if got := response.Header.Get("Access-Control-Allow-Origin"); response.StatusCode != 200 || got == "" {
		t.Errorf("status %d, Access-Control-Allow-Origin %q", response.StatusCode, got)
	}
}
