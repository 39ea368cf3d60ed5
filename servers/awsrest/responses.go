package awsrest

import (
	"maps"
	"slices"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
	"github.com/corsproof/corsproof/servers/internal/emulator"
)

// response is an answer of the gateway's own.
type response struct {
	status    int
	errorType string // x-amzn-ErrorType
	body      string
}

// responses are the gateway responses by type. The defaults have no answer: they only have headers.
var responses = map[string]response{
	"MISSING_AUTHENTICATION_TOKEN": {403, "MissingAuthenticationTokenException", `{"message":"Missing Authentication Token"}`},
	"UNAUTHORIZED":                 {401, "UnauthorizedException", `{"message":"Unauthorized"}`},
	"ACCESS_DENIED":                {403, "AccessDeniedException", `{"Message":"User is not authorized to access this resource"}`},
	"INVALID_API_KEY":              {403, "ForbiddenException", `{"message":"Forbidden"}`},
	"THROTTLED":                    {429, "TooManyRequestsException", `{"message":"Too Many Requests"}`},
	"API_CONFIGURATION_ERROR":      {500, "InternalServerErrorException", `{"message": "Internal server error"}`},
	"INTEGRATION_FAILURE":          {504, "InternalServerErrorException", `{"message":"Network error communicating with endpoint"}`},
	"DEFAULT_4XX":                  {},
	"DEFAULT_5XX":                  {},
	malformed:                      {502, "InternalServerErrorException", `{"message": "Internal server error"}`},
}

// malformed is the answer to a function that throws. It is no type of its own, and takes the headers of DEFAULT_5XX.
const malformed = "a malformed proxy answer"

// gatewayResponse is the gateway's answer of that type, with the headers that are set for it, or for its default.
func (g *gateway) gatewayResponse(r *rawhttp.Request, kind string) *rawhttp.Response {
	said := responses[kind]
	resp := &rawhttp.Response{Status: said.status, Body: []byte(said.body), Headers: fetch.HeaderList{{Name: "Content-Type", Value: "application/json"}}}
	identify(&resp.Headers)
	emulator.Set(&resp.Headers, "x-amzn-ErrorType", said.errorType)
	headers, ok := g.config.GatewayResponses[kind]
	if !ok {
		headers = g.config.GatewayResponses[map[bool]string{true: "DEFAULT_4XX", false: "DEFAULT_5XX"}[said.status < 500]]
	}
	setMapped(&resp.Headers, r, headers)
	return resp
}

// setMapped sets header lines from constants and from the request's headers.
func setMapped(headers *fetch.HeaderList, r *rawhttp.Request, mapping map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(mapping)) {
		value, ok := constantOf(mapping[name])
		if !ok {
			value, _ = r.Headers.Get(mapping[name][len(requestHeader):])
		}
		emulator.Set(headers, name, value)
	}
}

// identify sets the identifiers that every answer has.
func identify(headers *fetch.HeaderList) {
	emulator.Set(headers, "x-amzn-RequestId", emulator.UUID())
	emulator.Set(headers, "x-amz-apigw-id", emulator.UUID()[:8]+"=")
}
