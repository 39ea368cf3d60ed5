package main

import (
	"net"
	"net/http"
	"time"

	gincors "github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	chicors "github.com/go-chi/cors"
	"github.com/gorilla/handlers"
	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	"github.com/corsproof/corsproof/servers/orders"
)

var methods = []string{"GET", "PUT", "POST", "PATCH", "DELETE"}

// routes are the paths of the orders API, each router's parameter filled in by param.
func routes(param func(name string) string) []string {
	return []string{"/orders/" + param("id"), orders.Status + param("code")}
}

func colon(name string) string  { return ":" + name }
func braces(name string) string { return "{" + name + "}" }

func chiServer(c config, listener net.Listener) error {
	cors := chicors.Handler(chicors.Options{
		AllowedOrigins: c.AllowedOrigins, AllowedMethods: c.AllowedMethods, AllowedHeaders: c.AllowedHeaders,
		ExposedHeaders: c.ExposedHeaders, MaxAge: c.MaxAge, AllowCredentials: c.AllowCredentials,
		OptionsPassthrough: c.OptionsPassthrough,
	})
	api := orders.Handler()
	router := chi.NewRouter()
	if c.AuthOutside {
		router.Use(authorize)
	}
	add := func(r chi.Router) {
		r.Use(cors)
		for _, path := range routes(braces) {
			for _, method := range methods {
				r.Method(method, path, api)
			}
		}
		r.Method("POST", orders.Login, api)
		r.Method("GET", orders.Me, api)
		r.Method("GET", orders.Health, api)
	}
	if c.InGroup {
		router.Group(add)
	} else {
		add(router)
	}
	router.NotFound(api.ServeHTTP)
	return http.Serve(listener, router)
}

func ginServer(c config, listener net.Listener) error {
	gin.SetMode(gin.ReleaseMode)
	cors := gincors.New(ginConfig(c))
	api := gin.WrapH(orders.Handler())
	router := gin.New()
	routed := router.Group("")
	if c.InGroup {
		routed.Use(cors)
	} else {
		router.Use(cors)
		routed = &router.RouterGroup
	}
	for _, path := range routes(colon) {
		routed.Match(methods, path, api)
	}
	routed.POST(orders.Login, api)
	routed.GET(orders.Me, api)
	routed.GET(orders.Health, api)
	router.NoRoute(api)
	return http.Serve(listener, outside(c, router))
}

func ginConfig(c config) gincors.Config {
	g := gincors.DefaultConfig()
	g.AllowOrigins, g.AllowAllOrigins = c.AllowedOrigins, c.AllowedOrigins == nil
	if c.AllowedMethods != nil {
		g.AllowMethods = c.AllowedMethods
	}
	if c.AllowedHeaders != nil {
		g.AllowHeaders = c.AllowedHeaders
	}
	if c.MaxAge != 0 {
		g.MaxAge = time.Duration(c.MaxAge) * time.Second
	}
	g.ExposeHeaders, g.AllowCredentials = c.ExposedHeaders, c.AllowCredentials
	g.AllowPrivateNetwork, g.OptionsResponseStatusCode = c.AllowPrivateNetwork, c.OptionsSuccessStatus
	return g
}

func echoServer(c config, listener net.Listener) error {
	origins := c.AllowedOrigins
	if origins == nil {
		origins = []string{"*"}
	}
	cors := middleware.CORSWithConfig(middleware.CORSConfig{
		AllowOrigins: origins, AllowMethods: c.AllowedMethods, AllowHeaders: c.AllowedHeaders,
		ExposeHeaders: c.ExposedHeaders, MaxAge: c.MaxAge, AllowCredentials: c.AllowCredentials,
	})
	api := echo.WrapHandler(orders.Handler())
	router := echo.New()
	var routed interface {
		Match(methods []string, path string, handler echo.HandlerFunc, middleware ...echo.MiddlewareFunc) echo.Routes
	} = router
	if c.InGroup {
		routed = router.Group("", cors)
	} else {
		router.Use(cors)
	}
	for _, path := range routes(colon) {
		routed.Match(methods, path, api)
	}
	routed.Match([]string{"POST"}, orders.Login, api)
	routed.Match([]string{"GET"}, orders.Me, api)
	routed.Match([]string{"GET"}, orders.Health, api)
	router.RouteNotFound("/*", api)
	return http.Serve(listener, outside(c, router))
}

func gorillaServer(c config, listener net.Listener) error {
	var options []handlers.CORSOption
	lists := []struct {
		values []string
		option func([]string) handlers.CORSOption
	}{
		{c.AllowedOrigins, handlers.AllowedOrigins},
		{c.AllowedMethods, handlers.AllowedMethods},
		{c.AllowedHeaders, handlers.AllowedHeaders},
		{c.ExposedHeaders, handlers.ExposedHeaders},
	}
	for _, list := range lists {
		if list.values != nil {
			options = append(options, list.option(list.values))
		}
	}
	if c.MaxAge != 0 {
		options = append(options, handlers.MaxAge(c.MaxAge))
	}
	if c.AllowCredentials {
		options = append(options, handlers.AllowCredentials())
	}
	if c.OptionsPassthrough {
		options = append(options, handlers.IgnoreOptions())
	}
	if c.OptionsSuccessStatus != 0 {
		options = append(options, handlers.OptionStatusCode(c.OptionsSuccessStatus))
	}
	return http.Serve(listener, outside(c, handlers.CORS(options...)(orders.Handler())))
}

// outside puts authentication around a server, where the set-up says so.
func outside(c config, handler http.Handler) http.Handler {
	if c.AuthOutside {
		return authorize(handler)
	}
	return handler
}

// authorize wants an Authorization header on every request, a preflight included, which never has one.
func authorize(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			http.Error(w, "no Authorization header", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}
