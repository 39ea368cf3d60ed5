package chromium

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	drivers "github.com/corsproof/corsproof/harness/browser"
	"github.com/corsproof/corsproof/harness/probe"
	"github.com/corsproof/corsproof/harness/process"
)

// errLost means that the browser died or was lost while it was asked: the question may be put again to another one.
var errLost = errors.New("the browser was lost")

// startWithin is how long a browser may take to answer its first command. A
// cold start takes below one second; a busy CI machine has taken ten.
const startWithin = 45 * time.Second

// instance is one running browser.
type instance struct {
	launch    launch
	hosts     uint64 // version of the table of names it was started with
	process   *process.Process
	transport *transport
	root      context.Context // chromedp keeps its browser in a context
	cancel    context.CancelFunc
	identity  probe.Browser
	shared    *sharedPages
	sessions  *sessionPool

	mu       sync.Mutex
	captures map[string]*capture // by session id
	inFlight sync.WaitGroup
	leaving  sync.WaitGroup // what tidies up behind callers that left
}

// startInstance starts a browser and waits for its first answer. What it
// started is gone when it returns an error.
func startInstance(ctx context.Context, l launch, cfg Config) (*instance, error) {
	profile, err := newProfile(l.thirdPartyCookies)
	if err != nil {
		return nil, err
	}
	l.profile = profile
	i := &instance{launch: l, captures: map[string]*capture{}}
	if err := i.startProcess(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(profile))
	}
	//nolint:gosec // the cancel function is kept and called by close
	allocCtx, cancelAlloc := chromedp.NewAllocatorContext(context.WithoutCancel(ctx), allocator{i.transport})
	root, cancelRoot := chromedp.NewContext(allocCtx, chromedp.WithBrowserOption(quiet...))
	i.root, i.cancel = root, func() { cancelRoot(); cancelAlloc() }
	if err := i.handshake(ctx); err != nil {
		return nil, errors.Join(err, i.close())
	}
	i.shared = newSharedPages(i, cfg)
	i.sessions = newSessionPool(i, cfg)
	return i, nil
}

// quiet keeps chromedp from logging: what matters comes back as an error.
var quiet = []chromedp.BrowserOption{
	chromedp.WithBrowserLogf(func(string, ...any) {}),
	chromedp.WithBrowserErrorf(func(string, ...any) {}),
}

func (i *instance) startProcess(ctx context.Context) error {
	commandsR, commandsW, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("make the browser's command pipe: %w", err)
	}
	defer commandsR.Close()
	repliesR, repliesW, err := os.Pipe()
	if err != nil {
		return errors.Join(fmt.Errorf("make the browser's reply pipe: %w", err), commandsW.Close())
	}
	defer repliesW.Close()
	i.process, err = process.Start(ctx, process.Config{
		Path: i.launch.binary.Path, Args: i.launch.args(),
		ExtraFiles: []*os.File{commandsR, repliesW},
		Env:        ownFolders(i.launch.profile),
		Remove:     []string{i.launch.profile},
		Grace:      browserGrace,
	})
	if err != nil {
		return errors.Join(unavailable(i.launch, err), commandsW.Close(), repliesR.Close())
	}
	i.transport = newTransport(repliesR, commandsW, i.evidence)
	return nil
}

// reapedWithin is how long the end of a process may trail the end of its pipe.
const reapedWithin = time.Second

// browserGrace is how long a browser may take to write its profile and exit after it was asked to.
const browserGrace = 5 * time.Second

// handshake asks for the version, which is the first thing a browser that works can answer.
func (i *instance) handshake(caller context.Context) error {
	ctx, cancel := context.WithTimeout(caller, startWithin)
	defer cancel()
	var v browser.GetVersionResult
	// chromedp binds its browser's life to the context of the first call, so that one is the root.
	err := within(ctx, func() (err error) {
		v, err = chromedp.CallBrowser(i.root, browser.GetVersion, cdp.Empty{})
		return err
	})
	if cause := context.Cause(caller); err != nil && cause != nil {
		return fmt.Errorf("the start of the browser was ended: %w", cause)
	}
	if err != nil {
		select { // the pipe closes a little before the process is seen to have ended
		case <-i.process.Done():
			return unavailable(i.launch, errors.Join(errors.New("it ended without answering; is it a browser?"), i.process.Err()))
		case <-time.After(reapedWithin):
			return unavailable(i.launch, fmt.Errorf("it did not answer: %w; it printed: %s", err, i.process.Output()))
		}
	}
	_, version, _ := strings.Cut(v.Product, "/")
	i.identity = probe.Browser{
		Engine: "chromium", Name: i.launch.binary.name(), Version: version, Flavour: i.launch.binary.Flavour,
		ThirdPartyCookies: i.launch.thirdPartyCookies, Sandbox: i.launch.sandbox, Flags: i.launch.policyFlags(),
	}
	return nil
}

func unavailable(l launch, err error) error {
	how := howToInstall
	if l.sandbox && strings.Contains(err.Error(), "sandbox") {
		how = "this system lets no unprivileged user make a sandbox: allow it (sysctl kernel.apparmor_restrict_unprivileged_userns=0, " +
			"or install the distribution's chromium-sandbox), or, in a container that is thrown away, switch it off with " +
			"Config.DangerouslyDisableSandbox or CORSPROOF_NO_SANDBOX=1"
	}
	return &drivers.UnavailableError{What: "the browser " + l.binary.Path + " did not start", How: how, Err: err}
}

// join returns a context with the values of base that ends with base or with
// ctx: chromedp finds browser and target in a context's values, so a caller's cannot be used as it is.
func join(base, ctx context.Context) (context.Context, context.CancelFunc) {
	joined, cancel := context.WithCancelCause(base)
	stop := context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })
	return joined, func() { stop(); cancel(nil) }
}

// evidence routes an event to its tab. It runs on the transport's reader.
func (i *instance) evidence(session, method string, ev *event) {
	i.mu.Lock()
	c := i.captures[session]
	i.mu.Unlock()
	if c != nil {
		c.take(method, ev)
	}
}

func (i *instance) register(session string, c *capture) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.captures[session] = c
}

func (i *instance) forget(session string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.captures, session)
}

// alive reports whether the process runs and speaks with us.
func (i *instance) alive() bool {
	select {
	case <-i.process.Done():
		return false
	default:
		return i.root.Err() == nil
	}
}

// within returns when f does or when ctx ends; f must end soon after its own cause of waiting does.
func within(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// finish runs f, and undo where f fails. It returns when f does, or when ctx
// ends: then undo waits for f in the background, since what f began may have been done already.
func (i *instance) finish(ctx context.Context, f func() error, undo func()) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		if err != nil {
			undo()
		}
		return err
	case <-ctx.Done():
		i.leaving.Go(func() {
			timer := time.NewTimer(disposeWithin)
			defer timer.Stop()
			select {
			case <-done:
			case <-timer.C:
			}
			undo()
		})
		return context.Cause(ctx)
	}
}

// newContext makes a browser context: a jar, caches, permissions and sockets of its own.
func (i *instance) newContext(ctx context.Context) (cdp.BrowserContextID, error) {
	var id atomic.Value
	err := i.finish(ctx, func() error {
		r, err := chromedp.CallBrowser(i.root, target.CreateBrowserContext, target.CreateBrowserContextParams{})
		id.Store(r.BrowserContextID)
		return err
	}, func() {
		if id, _ := id.Load().(cdp.BrowserContextID); id != "" {
			i.dispose(id)
		}
	})
	if err != nil {
		return "", i.lostOr("make a browser context", err)
	}
	return id.Load().(cdp.BrowserContextID), nil
}

// dispose ends a browser context and its tabs. The browser answers when they
// are gone; a browser that is gone itself has none.
func (i *instance) dispose(id cdp.BrowserContextID) {
	ctx, cancel := context.WithTimeout(i.root, disposeWithin)
	defer cancel()
	// An error means that the browser is ending: nothing is left to dispose of.
	_, _ = chromedp.CallBrowser(ctx, target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: id})
}

// disposeWithin bounds waiting for a page that is stuck in script.
const disposeWithin = 5 * time.Second

// close ends the browser and waits: first the tabs' goroutines, then the
// pipes, upon which Chromium exits by itself, then the process group.
func (i *instance) close() error {
	i.inFlight.Wait()
	if i.shared != nil {
		i.shared.close()
	}
	if i.sessions != nil {
		i.sessions.close()
	}
	i.leaving.Wait()
	err := i.transport.Close()
	stopErr := i.process.Stop()
	i.cancel()
	return errors.Join(ignoreClosed(err), stopErr)
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
