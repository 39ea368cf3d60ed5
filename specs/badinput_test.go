package specs

// Bad input and faults: each is one clear error or outcome, in its time, and takes nobody else's verdict away. House rule of
// this suite. A browser that dies is in the engine's own tests, a server's faults one by one are in network_test.go.

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/target"
)

// listenVariable makes the test binary a server on one address that it insists on.
const listenVariable = "CORSPROOF_SPECS_LISTEN"

func TestServeWhereTheEnvironmentSays(t *testing.T) {
	addr := os.Getenv(listenVariable)
	if addr == "" {
		return // this is no test: the specs start it as an API
	}
	t.Fatal(http.ListenAndServe(addr, http.NotFoundHandler()))
}

// insisting is an API that listens on that address; "${PORT}" in it is the port that it is told.
func insisting(addr string) *target.Command {
	return &target.Command{
		Args: []string{os.Args[0], "-test.run=^TestServeWhereTheEnvironmentSays$"},
		Env:  map[string]string{listenVariable: addr},
	}
}

var _ = Describe("A harness that cannot start says why and what to do,", Label("faults"), func() {
	starting := func(ctx context.Context, cfg harness.Config) error {
		GinkgoHelper()
		started, err := harness.Start(ctx, cfg)
		if started != nil {
			DeferCleanup(func() { Expect(started.Close()).To(Succeed()) })
		}
		Expect(err).To(HaveOccurred())
		return err
	}

	DescribeTable("where there is no browser",
		func(ctx SpecContext, configure func(path string) harness.Config) {
			path := filepath.Join(GinkgoT().TempDir(), "no-such-browser")
			err := starting(ctx, configure(path))
			var unavailable *browser.UnavailableError
			Expect(errors.As(err, &unavailable)).To(BeTrue(), "%v", err)
			Expect(err).To(MatchError(And(ContainSubstring("no browser at "+path), ContainSubstring("apt-get install chromium"), ContainSubstring("CORSPROOF_BROWSER"))))
		},
		Entry("at the path in the configuration", func(path string) harness.Config { return harness.Config{Browser: path} }),
		Entry("at the path in CORSPROOF_BROWSER", func(path string) harness.Config {
			GinkgoT().Setenv("CORSPROOF_BROWSER", path)
			return harness.Config{}
		}),
	)

	It("where an API never gets ready, after the time that it is given, with what it wrote", func(ctx SpecContext) {
		err := starting(ctx, harness.Config{APIs: map[string]harness.API{
			"slow": {Command: &target.Command{Args: []string{"sh", "-c", "echo still migrating; exec sleep 600"}, Within: 500 * time.Millisecond}},
		}})
		Expect(err).To(MatchError(And(ContainSubstring("api slow"), ContainSubstring("500ms"), ContainSubstring("still migrating"))))
	})

	It("where an API's program ends at once, with what it wrote", func(ctx SpecContext) {
		err := starting(ctx, harness.Config{APIs: map[string]harness.API{
			"broken": {Command: &target.Command{Args: []string{"sh", "-c", "echo cannot find module orders; exit 3"}}},
		}})
		Expect(err).To(MatchError(And(ContainSubstring("api broken"), ContainSubstring("exit status 3"), ContainSubstring("cannot find module orders"))))
	})

	It("where an API insists on a port that is in use", func(ctx SpecContext) {
		taken, err := net.Listen("tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(taken.Close)
		err = starting(ctx, harness.Config{APIs: map[string]harness.API{"fixed": {Command: insisting(taken.Addr().String())}}})
		Expect(err).To(MatchError(And(ContainSubstring("api fixed"), ContainSubstring(taken.Addr().String()), ContainSubstring("address already in use"))))
	})

	It("with all mistakes of its configuration at once", func(ctx SpecContext) {
		err := starting(ctx, harness.Config{
			Origins: origins("app.example.com", "https://app.example.com/", "ftp://app.example.com"),
			APIs:    map[string]harness.API{"none": {}, "path": {URL: "http://127.0.0.1:8080/api"}},
		})
		Expect(err).To(MatchError(And(
			ContainSubstring("write http:// or https://"), ContainSubstring(`a browser sends "https://app.example.com"`), ContainSubstring("neither http nor https"),
			ContainSubstring("api none: exactly one of"), ContainSubstring("api path"),
		)))
	})
})

// flood answers with 1 GB, and notes the largest heap of this process while it does.
type flood struct{ sent, heap atomic.Uint64 }

func (f *flood) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/allowed" {
		w.Header().Set("Access-Control-Allow-Origin", "*")
	}
	chunk := make([]byte, 1<<20)
	for range 1 << 10 {
		if _, err := w.Write(chunk); err != nil {
			return
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		f.heap.Store(max(f.heap.Load(), m.HeapAlloc))
		f.sent.Add(uint64(len(chunk)))
	}
}

// talkative answers with 10,000 header lines.
func talkative(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Access-Control-Expose-Headers", "*")
	for i := range 10_000 {
		w.Header().Set(fmt.Sprintf("X-%d", i), "v")
	}
	fmt.Fprint(w, "body")
}

var _ = Describe("Beside an API that", Label("faults"), Ordered, func() {
	var world *harness.Harness
	flooding := &flood{}
	faulty := func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Fault: rawhttp.Fault(strings.TrimPrefix(r.Path(), "/")), Body: []byte("body"), Headers: lines(allowAny)}
	}

	BeforeAll(func(ctx SpecContext) {
		var err error
		world, err = harness.Start(ctx, harness.Config{Origins: origins(app), APIs: map[string]harness.API{
			"good": {At: "https://api.example.com", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
				w.Header().Set("Access-Control-Allow-Methods", "PUT")
			})},
			"gone":      {At: "https://gone.example.com", URL: "http://" + freeAddr()},
			"faulty":    {At: "https://faulty.example.com", Raw: faulty},
			"flooding":  {At: "https://flooding.example.com", Handler: flooding},
			"talkative": {At: "https://talkative.example.com", Handler: http.HandlerFunc(talkative)},
		}})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(world.Close()).To(Succeed()) })
	})

	// beside asks the API in question, and a good one ten times at the same time.
	beside := func(ctx context.Context, from, api, path string, client probe.Client) probe.Observation {
		GinkgoHelper()
		good := make([]probe.Observation, 10)
		var wg sync.WaitGroup
		for i := range good {
			wg.Go(func() {
				good[i] = world.From(app).Fetch(ctx, probe.Request{Method: "PUT", URL: world.API("good").URL(fmt.Sprintf("/%s%s/%d", api, path, i))})
			})
		}
		r := probe.Request{Client: client, URL: world.API(api).URL(path), Timeout: time.Minute}
		if path == "/hang" {
			r.Timeout = time.Second
		}
		bad := world.Probe(ctx, probe.Probe{From: from, Steps: []probe.Step{{Request: r}}})[0]
		wg.Wait()
		for _, o := range good {
			Expect(agreeing(o)).To(match.BeReadable())
			Expect(o).To(match.HaveReceived(1, 1))
		}
		return bad
	}

	It("is not there, which is no verdict and is said, every other probe gets its verdict", func(ctx SpecContext) {
		seen := beside(ctx, app, "gone", "/", probe.Fetch)
		Expect(seen.Err).To(MatchError(And(ContainSubstring("https://gone.example.com"), ContainSubstring("is it running?"))))
		Expect(seen.Outcome).To(BeEmpty())
	})

	DescribeTable("fails, every other probe gets its verdict:",
		func(ctx SpecContext, fault rawhttp.Fault, outcome probe.Outcome, why string) {
			seen := agreeing(beside(ctx, app, "faulty", "/"+string(fault), probe.Fetch))
			Expect(seen.Outcome).To(Equal(outcome))
			Expect(seen.Why).To(ContainSubstring(why))
		},
		Entry("it hangs", rawhttp.Hang, probe.Timeout, "before the timeout"),
		Entry("it resets", rawhttp.Reset, probe.Failed, "net::ERR_CONNECTION_RESET"),
		Entry("it sends garbage", rawhttp.Garbage, probe.Failed, "net::ERR_INVALID_HTTP_RESPONSE"),
		Entry("it breaks off", rawhttp.Truncate, probe.Failed, "net::ERR_CONTENT_LENGTH_MISMATCH"),
	)

	DescribeTable("sends 1 GB, which is read to a limit in little memory, every other probe gets its verdict:",
		func(ctx SpecContext, path string, client probe.Client, outcome probe.Outcome) {
			runtime.GC()
			var before runtime.MemStats
			runtime.ReadMemStats(&before)
			flooding.sent.Store(0)
			flooding.heap.Store(0)
			seen := agreeing(beside(ctx, app, "flooding", path, client))
			Expect(seen.Outcome).To(Equal(outcome))
			Expect(seen.Page.Body.Cut).To(Equal(outcome == probe.Readable))
			Expect(flooding.sent.Load()).To(BeNumerically(">", 1<<20), "it was sent")
			Expect(flooding.heap.Load()).To(BeNumerically("<", before.HeapAlloc+64<<20))
		},
		Entry("to fetch()", "/allowed", probe.Fetch, probe.Readable),
		Entry("to XMLHttpRequest", "/allowed", probe.XHR, probe.Readable),
		Entry("to a page that may not read it, and to the replay", "/forbidden", probe.Fetch, probe.Blocked),
	)

	DescribeTable("sends 10,000 header lines, which are all on record, every other probe gets its verdict:",
		func(ctx SpecContext, client probe.Client) {
			seen := agreeing(beside(ctx, app, "talkative", "/", client))
			Expect(seen).To(match.BeReadable())
			Expect(len(last(seen).Response.Headers)).To(BeNumerically(">", 10_000))
			Expect(seen).To(match.ExposeHeader("X-9999", "v"))
		},
		Entry("to fetch()", probe.Fetch), Entry("to XMLHttpRequest", probe.XHR),
	)

	DescribeTable("is asked from what is no origin, which is said, every other probe gets its verdict:",
		func(ctx SpecContext, from string, words string) {
			seen := beside(ctx, from, "good", "/x", probe.Fetch)
			Expect(seen.Err).To(MatchError(And(ContainSubstring(fmt.Sprintf("from %q", from)), ContainSubstring(words))))
			Expect(seen.Outcome).To(BeEmpty())
		},
		Entry("a host", "app.example.com", "write http:// or https://"),
		Entry("a URL", "https://app.example.com/orders", `a browser sends "https://app.example.com"`),
		Entry("a trailing slash", "https://app.example.com/", `a browser sends "https://app.example.com"`),
		Entry("another scheme", "ftp://app.example.com", "neither http nor https"),
		Entry("nothing", "", "there is no scheme"),
		Entry("null in capitals", "NULL", "in lower case"),
		Entry("a port beyond all ports", "https://app.example.com:99999", "port"),
	)
})
