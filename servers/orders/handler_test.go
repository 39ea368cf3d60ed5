package orders_test

import (
	"net/http/httptest"
	"testing"

	"github.com/corsproof/corsproof/servers/internal/rawtest"
	"github.com/corsproof/corsproof/servers/orders"
)

func TestHandlerAnswersTheExamples(t *testing.T) {
	server := httptest.NewServer(orders.Handler())
	defer server.Close()
	rawtest.Orders(t, server.URL, orders.Examples())
}

func TestHandlerLeavesOptionsToOthers(t *testing.T) {
	server := httptest.NewServer(orders.Handler())
	defer server.Close()
	rawtest.Run(t, server.URL, []rawtest.Case{
		rawtest.Preflight("a preflight is no route", rawtest.App, orders.Order, 405, map[string]string{
			"Access-Control-Allow-Origin": "", "Allow": "DELETE, GET, HEAD, PATCH, POST, PUT",
		}),
	})
}
