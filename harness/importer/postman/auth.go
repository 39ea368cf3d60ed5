package postman

import (
	"net/url"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/importer"
)

// authenticate adds what the request's authorization, or that of a folder
// around it, puts into headers or the URL. It goes before headers of the same name.
func (d *draft) authenticate() {
	auth := d.scope.auth
	if auth.IsNull() {
		return
	}
	fields := auth.Object()
	var kind text
	if !d.decode(fields["type"], &kind) {
		return
	}
	settings := map[string]string{}
	for _, element := range fields[string(kind)].Elements() {
		var p pair
		if d.decode(element, &p) {
			settings[p.name()] = p.value()
		}
	}
	set := func(name string) string { return d.resolve(settings[name]) }
	switch kind {
	case "", "noauth":
	case "basic":
		d.basic(importer.Basic{User: set("username"), Password: set("password")})
	case "bearer":
		d.bearer(set("token"))
	case "apikey":
		d.apiKey(set("key"), set("value"), settings["in"] == "query")
	case "oauth2":
		d.oauth2(set("accessToken"), settings)
	default:
		d.warn("authorization of the type %q is not imported: the request goes without it; copy the headers that Postman's console shows", kind)
	}
}

func (d *draft) basic(basic importer.Basic) {
	if basic == (importer.Basic{}) {
		d.warn("there is neither user nor password: the request goes without Authorization, as Postman sends it")
		return
	}
	d.tool.Basic = &basic
	d.replace("Authorization", basic.Header())
}

func (d *draft) bearer(token string) {
	if token == "" {
		d.warn("the bearer token is empty: the request goes without Authorization, as Postman sends it")
		return
	}
	d.replace("Authorization", "Bearer "+token)
}

func (d *draft) apiKey(name, value string, query bool) {
	switch {
	case name == "":
		d.warn("the API key has no name: left out")
	case query:
		d.addQuery(name, value)
	default:
		d.replace(name, value)
	}
}

func (d *draft) oauth2(token string, settings map[string]string) {
	switch {
	case token == "":
		d.warn("the OAuth 2.0 token is not in the collection: the request goes without it; add an Authorization header")
	case settings["addTokenTo"] == "queryParams":
		d.addQuery("access_token", token)
	default:
		prefix, ok := settings["headerPrefix"]
		if !ok {
			prefix = "Bearer"
		}
		d.replace("Authorization", fetch.NormalizeHeaderValue(d.resolve(strings.TrimSpace(prefix))+" "+token))
	}
}

func (d *draft) addQuery(name, value string) {
	separator := "?"
	if strings.Contains(d.tool.URL, "?") {
		separator = "&"
	}
	d.tool.URL += separator + url.QueryEscape(name) + "=" + url.QueryEscape(value)
}
