package gomw

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"text/template"

	"github.com/corsproof/corsproof/harness/process"
	"github.com/corsproof/corsproof/harness/target"
)

// scaffold is what a program with a snippet has around it: the router without CORS.
type scaffold struct {
	// Module is the folder whose go.mod counts, from this package's.
	Module string
	// Imports are what before and after need beside the standard library.
	Imports []string
	// Before makes what the snippet is put to; Auth puts authentication there, before a snippet around the handler and
	// after one in a router; After serves.
	Before, Auth, After string
	AuthFirst           bool
}

const serveHandler = "must(http.Serve(listener, handler))"

var scaffolds = map[Middleware]scaffold{
	RS: {Module: "../..", Before: "var handler = orders.Handler()", Auth: "handler = authorize(handler)", After: serveHandler, AuthFirst: true},
	Gorilla: {
		Module: "app", Before: "var handler = orders.Handler()", Auth: "handler = authorize(handler)", After: serveHandler, AuthFirst: true,
	},
	Chi: {
		Module: "app", Imports: []string{"github.com/go-chi/chi/v5"},
		Before: "router := chi.NewRouter()", Auth: "router.Use(authorize)",
		After: `for _, method := range methods {
		router.Method(method, "/*", orders.Handler())
	}
	must(http.Serve(listener, router))`,
	},
	Gin: {
		Module: "app", Imports: []string{"github.com/gin-gonic/gin"},
		Before: "gin.SetMode(gin.ReleaseMode)\n\trouter := gin.New()",
		Auth: `router.Use(func(c *gin.Context) {
		if c.GetHeader("Authorization") == "" {
			c.AbortWithStatus(http.StatusUnauthorized)
		}
	})`,
		After: `router.Match(methods, "/*path", gin.WrapH(orders.Handler()))
	must(http.Serve(listener, router))`,
	},
	Echo: {
		Module: "app", Imports: []string{"github.com/labstack/echo/v5"},
		Before: "e := echo.New()", Auth: "e.Use(echo.WrapMiddleware(authorize))",
		After: `e.Match(methods, "/*", echo.WrapHandler(orders.Handler()))
	must(http.Serve(listener, e))`,
	},
	Fiber: {
		Module: "app", Imports: []string{"github.com/gofiber/fiber/v3", "github.com/gofiber/fiber/v3/middleware/adaptor"},
		Before: "app := fiber.New()", Auth: "app.Use(adaptor.HTTPMiddleware(authorize))",
		After: `app.Add(methods, "/*", adaptor.HTTPHandler(orders.Handler()))
	must(app.Listener(listener, fiber.ListenConfig{DisableStartupMessage: true}))`,
	},
}

var program = template.Must(template.New("main.go").Parse(`package main

import (
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/corsproof/corsproof/servers/orders"
{{- range .Imports}}
	"{{.}}"
{{- end}}

	{{.Config.Imports}}
)

var methods = []string{"GET", "PUT", "POST", "PATCH", "DELETE"}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	fmt.Printf("listening on http://%s\n", listener.Addr())
	{{.Before}}
	{{if and .Config.AuthOutside .AuthFirst}}{{.Auth}}{{end}}
{{.Config.Snippet}}
	{{if and .Config.AuthOutside (not .AuthFirst)}}{{.Auth}}{{end}}
	{{.After}}
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func authorize(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			http.Error(w, "no Authorization header", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}
`))

// launchSnippet builds the program with a set-up's snippet, and starts it.
func launchSnippet(ctx context.Context, config Config) (*process.Process, string, error) {
	folder, err := os.MkdirTemp("", "corsproof-gomw-")
	if err != nil {
		return nil, "", fmt.Errorf("gomw: %w", err)
	}
	if err := config.build(ctx, folder); err != nil {
		return nil, "", errors.Join(err, os.RemoveAll(folder))
	}
	return run(ctx, config, process.Config{Path: filepath.Join(folder, "gomw"), Remove: []string{folder}})
}

// build builds it into that folder.
func (c Config) build(ctx context.Context, folder string) error {
	goTool, err := exec.LookPath("go")
	if err != nil {
		return &target.MissingError{What: "Go is not installed, and a snippet needs it", How: "install Go 1.26 or later (https://go.dev/dl)"}
	}
	around := scaffolds[cmp.Or(c.Middleware, RS)]
	var text strings.Builder
	if err := program.Execute(&text, struct {
		scaffold
		Config Config
	}{around, c}); err != nil {
		return fmt.Errorf("gomw: %w", err)
	}
	args := []string{"build", "-o", filepath.Join(folder, "gomw")}
	for name, source := range map[string]string{"main.go": text.String(), "pasted.go": c.File} {
		if source == "" {
			continue
		}
		args = append(args, filepath.Join(folder, name))
		if err := os.WriteFile(filepath.Join(folder, name), []byte(source), 0o600); err != nil {
			return fmt.Errorf("gomw: %w", err)
		}
	}
	_, file, _, _ := runtime.Caller(0)
	command := exec.CommandContext(ctx, goTool, args...)
	command.Dir = filepath.Join(filepath.Dir(file), around.Module)
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("gomw: the snippet: go build: %w", errors.Join(err, errors.New(string(said))))
	}
	return nil
}
