package main

import (
	"net"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	fibercors "github.com/gofiber/fiber/v3/middleware/cors"

	"github.com/corsproof/corsproof/servers/orders"
)

func fiberServer(c config, listener net.Listener) error {
	cors := fibercors.New(fibercors.Config{
		AllowOrigins: c.AllowedOrigins, AllowMethods: c.AllowedMethods, AllowHeaders: c.AllowedHeaders,
		ExposeHeaders: c.ExposedHeaders, MaxAge: c.MaxAge, AllowCredentials: c.AllowCredentials,
		AllowPrivateNetwork: c.AllowPrivateNetwork,
	})
	api := adaptor.HTTPHandler(orders.Handler())
	app := fiber.New()
	if c.AuthOutside {
		app.Use(adaptor.HTTPMiddleware(authorize))
	}
	app.Use(cors)
	for _, path := range routes(colon) {
		app.Add(methods, path, api)
	}
	app.Post(orders.Login, api)
	app.Get(orders.Me, api)
	app.Get(orders.Health, api)
	app.Get("/*", api)
	return app.Listener(listener, fiber.ListenConfig{DisableStartupMessage: true})
}
