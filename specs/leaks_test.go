package specs

// What a harness leaves behind when it is closed: nothing. House rule of this suite.

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gleak"

	"github.com/corsproof/corsproof/harness"
	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/match"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/harness/target"
)

// children are the process ids of this process's children, with the commands that they run.
func children() map[string]string {
	GinkgoHelper()
	own := fmt.Sprintf("PPid:\t%d\n", os.Getpid())
	list := map[string]string{}
	files, err := filepath.Glob("/proc/[0-9]*/status")
	Expect(err).NotTo(HaveOccurred())
	for _, name := range files {
		status, err := os.ReadFile(name)
		if err == nil && strings.Contains(string(status), own) {
			command, _ := os.ReadFile(filepath.Join(filepath.Dir(name), "cmdline"))
			list[filepath.Base(filepath.Dir(name))] = strings.ReplaceAll(string(command), "\x00", " ")
		}
	}
	return list
}

// listening are the addresses, as the kernel writes them, on which this process listens.
func listening() map[string]string {
	GinkgoHelper()
	list := map[string]string{}
	for _, name := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		table, err := os.ReadFile(name)
		if err != nil {
			continue // no IPv6
		}
		for _, line := range regexp.MustCompile(`(?m)^ *\d+: (\S+) \S+ 0A (?:\S+ ){5}(\d+)`).FindAllStringSubmatch(spaced(table), -1) {
			list["socket:["+line[2]+"]"] = line[1]
		}
	}
	ours := map[string]string{}
	files, err := os.ReadDir("/proc/self/fd")
	Expect(err).NotTo(HaveOccurred())
	for _, f := range files {
		socket, _ := os.Readlink("/proc/self/fd/" + f.Name())
		if addr, ok := list[socket]; ok {
			ours[socket] = addr
		}
	}
	return ours
}

// spaced has one blank between columns.
func spaced(table []byte) string {
	return regexp.MustCompile(` +`).ReplaceAllString(string(table), " ")
}

// everyKind has an API of each kind, and one more page.
func everyKind(running string) harness.Config {
	allow := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Access-Control-Allow-Origin", "*") })
	raw := func(_ context.Context, r *rawhttp.Request) *rawhttp.Response {
		return &rawhttp.Response{Fault: rawhttp.Fault(strings.TrimPrefix(r.Path(), "/")), Headers: lines(allowAny)}
	}
	return harness.Config{Origins: origins(app), APIs: map[string]harness.API{
		"handler": {At: "https://a.example.com", Handler: allow},
		"raw":     {At: "https://b.example.com", Raw: raw},
		"h2":      {At: "https://c.example.com", Raw: raw, HTTP2: true},
		"url":     {At: "https://d.example.com", URL: running},
		"command": {At: "https://e.example.com", Command: insisting("127.0.0.1:${PORT}")},
	}}
}

var _ = Describe("A harness that was closed", Label("leaks"), func() {
	It("leaves no goroutine, no process, no temporary file and nothing that listens", func(ctx SpecContext) {
		if _, err := os.Stat("/proc/self/fd"); err != nil {
			Skip("processes and sockets are counted in /proc: " + err.Error())
		}
		_, err := h.Browser(ctx) // started before we count
		Expect(err).NotTo(HaveOccurred())
		api := &target.Handler{Handler: http.NotFoundHandler()}
		Expect(api.Start(ctx)).To(Succeed())
		DeferCleanup(func() { Expect(api.Close()).To(Succeed()) })
		tmp, err := os.MkdirTemp("", "cp") // short: Chromium makes a socket in it
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(os.RemoveAll, tmp)
		GinkgoT().Setenv("TMPDIR", tmp)
		goroutines, processes, sockets := gleak.Goroutines(), children(), listening()

		world, err := harness.Start(ctx, everyKind(api.URL()))
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { _ = world.Close() })
		use(ctx, world)
		Expect(children()).NotTo(Equal(processes), "the browser and the command are seen")
		Expect(listening()).NotTo(Equal(sockets), "the pages and the APIs are seen")
		Expect(os.ReadDir(tmp)).NotTo(BeEmpty(), "the profile is seen")
		Expect(gleak.Goroutines()).To(gleak.HaveLeaked(goroutines), "goroutines are seen")
		Expect(world.Close()).To(Succeed())

		Expect(children()).To(Equal(processes))
		Expect(listening()).To(Equal(sockets))
		Expect(os.ReadDir(tmp)).To(BeEmpty())
		Eventually(gleak.Goroutines).WithContext(ctx).WithTimeout(10 * time.Second).ShouldNot(gleak.HaveLeaked(goroutines))
	})

	It("that could not start leaves none of them either", func(ctx SpecContext) {
		if _, err := os.Stat("/proc/self/fd"); err != nil {
			Skip("processes and sockets are counted in /proc: " + err.Error())
		}
		taken, err := net.Listen("tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(taken.Close)
		goroutines, processes, sockets := gleak.Goroutines(), children(), listening()
		cfg := everyKind("http://" + freeAddr())
		cfg.APIs["command"] = harness.API{Command: insisting(taken.Addr().String())}
		_, err = harness.Start(ctx, cfg)
		Expect(err).To(MatchError(ContainSubstring("api command")))

		Expect(children()).To(Equal(processes))
		Expect(listening()).To(Equal(sockets))
		Eventually(gleak.Goroutines).WithContext(ctx).WithTimeout(10 * time.Second).ShouldNot(gleak.HaveLeaked(goroutines))
	})
})

// use asks every API of a harness in every way that keeps something: with and without state, by a new origin, and what never ends.
func use(ctx context.Context, world *harness.Harness) {
	GinkgoHelper()
	for _, api := range []string{"handler", "raw", "h2", "url", "command"} {
		for _, credentials := range []fetch.CredentialsMode{fetch.Omit, fetch.Include} {
			seen := world.From(app).Fetch(ctx, probe.Request{URL: world.API(api).URL("/"), Credentials: credentials})
			Expect(seen.Err).NotTo(HaveOccurred())
		}
	}
	Expect(world.From("https://undeclared.example").Fetch(ctx, probe.Request{URL: world.API("handler").URL("/")})).To(match.BeReadable())
	hanging := probe.Request{URL: world.API("raw").URL("/hang"), Timeout: 300 * time.Millisecond}
	Expect(world.From(app).Fetch(ctx, hanging)).To(match.HaveTimedOut())
}
