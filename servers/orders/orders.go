// Package orders describes the small API that the real servers here serve, so
// that one probe can be put to each of them. [Examples] says what it answers;
// [Handler] is it in Go; servers/express/app/server.mjs is it in JavaScript and
// servers/nginx/app.conf what nginx can do of it alone. It knows nothing of CORS.
package orders

// Paths of the API.
const (
	// Order answers GET, PUT, POST, PATCH and DELETE with JSON and the header X-Total: 10. Any id will do.
	Order = "/orders/1"
	// Status, followed by a number from 200 to 999, answers the same methods with that status.
	Status = "/status/"
	// Login answers POST with a cookie that is sent cross-site: SameSite=None; Secure.
	Login = "/login"
	// Me answers GET with 200 to a request with that cookie, and 401 without.
	Me = "/me"
	// Health answers GET with 200.
	Health = "/healthz"
)

// Cookie is what [Login] sets, as a Cookie header sends it.
const Cookie = "sid=s1"

// Example is a request to the API and the answer to it.
type Example struct {
	Name         string
	Method, Path string
	Cookie       string // the Cookie header, or ""
	Status       int
	Headers      map[string]string // that the answer has, with these values
	Body         string
}

const jsonType = "application/json; charset=utf-8"

var orderHeaders = map[string]string{"Content-Type": jsonType, "X-Total": "10"}

// Examples returns what every implementation must answer, without CORS headers.
func Examples() []Example {
	return []Example{
		{"an order is read", "GET", Order, "", 200, orderHeaders, `{"id":"1","method":"GET"}`},
		{"an order is replaced", "PUT", "/orders/a-7", "", 200, orderHeaders, `{"id":"a-7","method":"PUT"}`},
		{"an order is posted", "POST", Order, "", 200, orderHeaders, `{"id":"1","method":"POST"}`},
		{"an order is changed", "PATCH", Order, "", 200, orderHeaders, `{"id":"1","method":"PATCH"}`},
		{"an order is deleted", "DELETE", Order, "", 200, orderHeaders, `{"id":"1","method":"DELETE"}`},
		{"no content", "GET", Status + "204", "", 204, nil, ""},
		{"forbidden", "GET", Status + "403", "", 403, map[string]string{"Content-Type": jsonType}, `{"status":403}`},
		{"a put is too much", "PUT", Status + "429", "", 429, nil, `{"status":429}`},
		{"an error", "GET", Status + "500", "", 500, nil, `{"status":500}`},
		{"an unknown status", "GET", Status + "oops", "", 400, nil, `{"error":"the status must be a number from 200 to 999"}`},
		{"me without a session", "GET", Me, "", 401, nil, `{"error":"no session"}`},
		{"me with another's session", "GET", Me, "sid=s2", 401, nil, `{"error":"no session"}`},
		{"me with a session", "GET", Me, Cookie, 200, nil, `{"user":"ada"}`},
		{"login", "POST", Login, "", 200, nil, `{"user":"ada"}`},
		{"health", "GET", Health, "", 200, nil, "ok"},
		{"nothing there", "GET", "/nothing", "", 404, nil, `{"error":"not found"}`},
	}
}
