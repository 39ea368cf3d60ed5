package suite

// The format of what is expected. Nothing here varies: several values of one expectation would contradict each other.

var expectShape = &object{
	name: "expect", what: "expect", doc: "What is to happen. What is not named is not checked.",
	fields: []field{
		{name: "outcome", takes: words{"readable", "opaque", "blocked", "failed", "timeout"}, doc: "What happens to script."},
		{name: "type", takes: words{"basic", "cors", "opaque", "opaqueredirect", "error"}, doc: "fetch: the response's type."},
		{name: "status", takes: integer{0, 999}, doc: "The status that script reads: 0 for an opaque response."},
		{name: "statusText", takes: someText, doc: "The status text that script reads."},
		{name: "url", takes: fullText, doc: "The response's URL that script reads."},
		{name: "redirected", takes: flag{}, doc: "fetch: whether the response came after redirects, as script reads it."},
		{name: "body", takes: either{valueText, wantedBodyShape}, doc: "The body that script reads: a text, {contains: …}, {matches: …}, {json: …} or {base64: …}."},
		{name: "headers", takes: wantedHeaders, doc: "Headers that script can read. A list is several lines, which script reads as one value."},
		{name: "hidden", takes: names, doc: "Headers that are on the wire, and that script cannot read."},
		{name: "preflight", takes: either{words{"none"}, preflightShape}, doc: "The CORS-preflight request, or none."},
		{name: "actual", takes: actualShape, doc: "The request itself, after all redirects."},
		{name: "redirects", takes: integer{0, 1000}, doc: "How many redirects the browser followed."},
		{name: "blockedBy", takes: fullText, doc: "The browser's own code for the block, such as MissingAllowOriginHeader."},
		{name: "netError", takes: fullText, doc: "The browser's network error, such as net::ERR_CONNECTION_REFUSED."},
		{name: "error", takes: fullText, doc: "The name of the exception that script catches, such as TypeError."},
		{name: "events", takes: names, doc: "xhr: events that fire, in this order; others may stand between."},
		{name: "finding", takes: fullText, doc: "A rule of corsproof's that must find something."},
		{name: "cause", takes: fullText, doc: "The rule of corsproof's whose finding comes first, or none: nothing is wrong (notes do not count)."},
		{name: "received", takes: receivedShape, doc: "What the API itself received."},
		{name: "replay", takes: replayShape, doc: "The same request without a browser."},
		{name: "predicted", takes: yes{}, doc: "That the Fetch Standard, applied to the wire, predicts what script sees."},
		{name: "complete", takes: yes{}, doc: "That no evidence is missing."},
	},
}

var wantedHeaders = dictionary{of: either{valueText, list{of: valueText, min: 1}, wantedHeaderShape}, fold: true}

var wantedHeaderShape = &object{
	name: "wantedHeader", what: "a header's value", one: []string{"contains", "matches", "any"},
	fields: []field{
		{name: "contains", takes: valueText, doc: "A text in it."},
		{name: "matches", takes: fullText, doc: "A regular expression that matches somewhere in it."},
		{name: "any", takes: yes{}, doc: "Any value, as long as the header is there."},
	},
}

var wantedBodyShape = &object{
	name: "wantedBody", what: "a body", one: []string{"contains", "matches", "json", "base64"},
	fields: []field{
		{name: "contains", takes: valueText, doc: "A text in it."},
		{name: "matches", takes: fullText, doc: "A regular expression that matches somewhere in it."},
		{name: "json", takes: anything{}, doc: "The JSON value that it is; order and white space make no difference."},
		{name: "base64", takes: someText, doc: "Its bytes."},
	},
}

var preflightShape = &object{
	name: "preflight", what: "preflight",
	fields: []field{
		{name: "sent", takes: flag{}, doc: "Whether one leaves the browser."},
		{name: "status", takes: status, doc: "The status of its answer."},
		{name: "requestHeaders", takes: wantedHeaders, doc: "Its request's headers."},
		{name: "responseHeaders", takes: wantedHeaders, doc: "Its answer's headers."},
		{name: "count", takes: integer{0, 1000}, doc: "How many leave the browser."},
	},
}

var actualShape = &object{
	name: "actual", what: "actual",
	fields: []field{
		{name: "sent", takes: flag{}, doc: "Whether it leaves the browser."},
		{name: "requestHeaders", takes: wantedHeaders, doc: "Its headers."},
		{name: "absent", takes: names, doc: "Headers that it does not have."},
		{name: "cookies", takes: cookieUseShape, doc: "What the browser does with cookies."},
	},
}

var cookieUseShape = &object{
	name: "cookieUse", what: "cookies",
	fields: []field{
		{name: "sent", takes: names, doc: "Names of cookies that it carries."},
		{name: "withheld", takes: list{of: either{fullText, unusedCookieShape}}, doc: "Cookies in the jar that the browser does not send."},
		{name: "refused", takes: list{of: either{fullText, unusedCookieShape}}, doc: "Cookies in the answer that the browser does not store."},
	},
}

var unusedCookieShape = &object{
	name: "unusedCookie", what: "a cookie",
	fields: []field{
		{name: "name", takes: fullText, required: true, doc: "Its name."},
		{name: "reasons", takes: names, doc: "Reasons that must be among the browser's own, such as SameSiteLax."},
	},
}

var receivedShape = &object{
	name: "received", what: "received",
	fields: []field{
		{name: "preflights", takes: integer{0, 1_000_000}, doc: "How many CORS-preflight requests."},
		{name: "requests", takes: integer{0, 1_000_000}, doc: "How many others."},
		{name: "headers", takes: wantedHeaders, doc: "Headers of the last request that is no preflight."},
	},
}

var replayShape = &object{
	name: "replay", what: "replay",
	fields: []field{{name: "status", takes: status, doc: "The status of its answer."}},
}
