package suite

// The format of cases, requests and cookies. varies marks the places of the matrix.

var caseShape = &object{
	name: "case", what: "a case", doc: "A page of one origin, and what it asks for: one request, or several steps in one browsing session. " +
		"A list where one value belongs makes a matrix: a case for each combination.",
	fields: append([]field{
		{name: "name", takes: fullText, required: true, doc: "What the case shows, in words."},
		{name: "steps", takes: list{of: stepShape, min: 1}, without: []string{"request", "expect"}, doc: "Several requests, one after the other, in one browsing session."},
	}, defaultsShape.fields...),
}

var defaultsShape = &object{
	name: "defaults", what: "defaults",
	fields: []field{
		{name: "from", takes: varies{free{null: "write null for an opaque origin"}}, doc: "The page's origin. null: an opaque origin, as of a sandboxed iframe."},
		{name: "cookies", takes: list{of: cookieShape}, doc: "Cookies that are in the jar before the first request."},
		{name: "request", takes: requestShape, doc: "What script asks for."},
		{name: "expect", takes: expectShape, doc: "What is to happen."},
	},
}

var stepShape = &object{
	name: "step", what: "a step",
	fields: []field{
		{name: "request", takes: requestShape, doc: "What script asks for."},
		{name: "expect", takes: expectShape, doc: "What is to happen."},
		{name: "wait", takes: varies{span{}}, doc: "How long the page waits before this step."},
		{name: "clearCache", takes: varies{flag{}}, doc: "Whether the HTTP cache and the preflight cache are emptied before this step."},
	},
}

var cookieShape = &object{
	name: "cookie", what: "a cookie",
	fields: []field{
		{name: "api", takes: varies{fullText}, doc: "The API whose cookie it is. Default: the page's own origin."},
		{name: "name", takes: varies{fullText}, required: true, doc: "Its name."},
		{name: "value", takes: varies{valueText}, doc: "Its value. Default: empty."},
		{name: "domain", takes: varies{fullText}, doc: "Its Domain attribute. Default: none, so that it is for the host alone."},
		{name: "path", takes: varies{fullText}, doc: "Its Path attribute. Default: /."},
		{name: "sameSite", takes: varies{words{"Strict", "Lax", "None"}}, doc: "Its SameSite attribute. Default: none."},
		{name: "secure", takes: varies{flag{}}, doc: "Whether it has the Secure attribute."},
		{name: "httpOnly", takes: varies{flag{}}, doc: "Whether it has the HttpOnly attribute."},
		{name: "partitioned", takes: varies{flag{}}, doc: "Whether it is partitioned by the page's site (CHIPS)."},
	},
}

var requestShape = &object{
	name: "request", what: "a request",
	doc: "A request in script's own terms. ${NAME} is the origin of the API of that name, ${from} the page's.",
	fields: []field{
		{name: "client", takes: varies{words{"fetch", "xhr"}}, doc: "The API by which script sends it. Default: fetch."},
		{name: "method", takes: varies{fullText}, doc: "The method as script writes it, in its own case. Default: GET."},
		{name: "url", takes: varies{fullText}, doc: "The absolute URL: ${api}/orders."},
		{name: "headers", takes: dictionary{of: either{valueText, list{of: valueText}}, fold: true}, doc: "Headers that script sets. A list is several lines of one header, not a matrix."},
		{name: "body", takes: varies{either{valueText, bodyShape}}, doc: "The body that script hands over: a text, {base64: …}, {file: …}, {form: …} or {multipart: …}."},
		{name: "mode", takes: varies{words{"cors", "no-cors", "same-origin"}}, doc: "fetch: the request's mode."},
		{name: "credentials", takes: varies{words{"omit", "same-origin", "include"}}, doc: "The credentials mode; for xhr include means withCredentials."},
		{name: "redirect", takes: varies{words{"follow", "error", "manual"}}, doc: "fetch: the redirect mode."},
		{name: "cache", takes: varies{words{"default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"}}, doc: "fetch: the cache mode."},
		{name: "referrer", takes: varies{someText}, doc: "fetch: the referrer."},
		{name: "referrerPolicy", takes: varies{words{"no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
			"origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url"}}, doc: "fetch: the referrer policy."},
		{name: "integrity", takes: varies{someText}, doc: "fetch: subresource integrity."},
		{name: "keepalive", takes: varies{flag{}}, doc: "fetch: whether the request outlives its page."},
		{name: "async", takes: varies{flag{}}, doc: "xhr: false makes the request synchronous. Default: true."},
		{name: "user", takes: varies{someText}, doc: "xhr: the user given to open()."},
		{name: "password", takes: varies{someText}, doc: "xhr: the password given to open()."},
		{name: "uploadListener", takes: varies{flag{}}, doc: "xhr: whether a listener stands on upload, which makes the request preflighted."},
		{name: "timeout", takes: varies{span{}}, doc: "How long script waits for the response."},
	},
}

var bodyShape = &object{
	name: "body", what: "a body", one: []string{"base64", "file", "form", "multipart"},
	fields: []field{
		{name: "base64", takes: someText, doc: "Bytes."},
		{name: "file", takes: fullText, doc: "A file with the bytes, relative to this one."},
		{name: "form", takes: formFields, doc: "URLSearchParams. A list is several fields of one name."},
		{name: "multipart", takes: formFields, doc: "FormData. A list is several fields of one name."},
	},
}

var formFields = dictionary{of: either{valueText, list{of: valueText}}}
