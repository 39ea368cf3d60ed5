// Command app serves the orders API behind one of Go's CORS middlewares that
// corsproof does not link. Its argument is a set-up as servers/gomw writes it; it says on stdout where it listens.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"os"
	"sync"
)

// config is gomw.Config, as far as it is about these middlewares.
type config struct {
	Middleware           string   `json:"middleware"`
	AllowedOrigins       []string `json:"allowedOrigins"`
	AllowedMethods       []string `json:"allowedMethods"`
	AllowedHeaders       []string `json:"allowedHeaders"`
	ExposedHeaders       []string `json:"exposedHeaders"`
	MaxAge               int      `json:"maxAge"`
	AllowCredentials     bool     `json:"allowCredentials"`
	AllowPrivateNetwork  bool     `json:"allowPrivateNetwork"`
	OptionsPassthrough   bool     `json:"optionsPassthrough"`
	OptionsSuccessStatus int      `json:"optionsSuccessStatus"`
	AuthOutside          bool     `json:"authOutside"`
	InGroup              bool     `json:"inGroup"`
}

// servers serve with one middleware each, until the process ends. They panic on a set-up that the middleware refuses.
var servers = map[string]func(config, net.Listener) error{
	"chi":     chiServer,
	"gin":     ginServer,
	"echo":    echoServer,
	"fiber":   fiberServer,
	"gorilla": gorillaServer,
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("give the set-up as JSON, as the only argument")
	}
	if err := serve(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func serve(setup string) error {
	var c config
	if err := json.Unmarshal([]byte(setup), &c); err != nil {
		return fmt.Errorf("the set-up: %w", err)
	}
	server, ok := servers[c.Middleware]
	if !ok {
		return fmt.Errorf("there is no middleware %q", c.Middleware)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") // the kernel chooses a port, so that nobody can take it first
	if err != nil {
		return err
	}
	defer listener.Close()
	return server(c, announced{listener, new(sync.Once)})
}

// announced says where it listens when a server first accepts: its set-up has been taken then.
type announced struct {
	net.Listener
	once *sync.Once
}

// Accept accepts, after it has said where.
func (a announced) Accept() (net.Conn, error) {
	a.once.Do(func() { fmt.Printf("listening on http://%s\n", a.Addr()) })
	return a.Listener.Accept()
}
