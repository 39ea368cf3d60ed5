package suite

// The suite's format, top down: files, the servers under test, pages and what the embedded one answers.

var (
	someText  = free{}
	fullText  = free{filled: true}
	valueText = free{null: `write "" for an empty text`}
	names     = list{of: fullText}
	texts     = dictionary{of: valueText}
	status    = integer{100, 999}
)

// apiNames are names that a reference ${NAME} can have.
const apiNames = `^[A-Za-z_][A-Za-z0-9_-]*$`

var suiteShape = &object{
	name: "suite", what: "a suite", doc: "A suite of corsproof: which page may read what of which API.",
	fields: []field{
		{name: "suite", takes: fullText, doc: "The suite's name, as reports show it. A file that others include may do without."},
		{name: "include", takes: names, doc: "Other suites, relative to this file, whose APIs and cases are added."},
		{name: "thirdPartyCookies", takes: words{"allow", "block"}, doc: "Whether the browser sends cookies across sites. Default: allow."},
		{name: "redact", takes: names, doc: "Names of headers whose values no report shows, besides Authorization, Cookie and Set-Cookie."},
		{name: "apis", takes: dictionary{of: apiShape, names: apiNames, named: "name of an API", hint: "it begins with a letter, and goes on with letters, digits, _ and -"},
			doc: "The servers under test, by the name that ${NAME} refers to."},
		{name: "pages", takes: dictionary{of: pageShape}, doc: "Pages that are more than an origin, by their origin."},
		{name: "defaults", takes: defaultsShape, doc: "What each case below takes over where it says nothing else. Maps are merged, lists replaced."},
		{name: "cases", takes: list{of: caseShape}, doc: "The cases, in the order in which they are reported."},
	},
}

var apiShape = &object{
	name: "api", what: "an API", doc: "A server under test: exactly one of url, command, server and answers.",
	one: []string{"url", "command", "server", "answers"},
	fields: []field{
		{name: "at", takes: fullText, doc: "The origin under which the browser reaches it. Default: where it really listens."},
		{name: "url", takes: fullText, doc: "The origin of a server that runs already."},
		{name: "command", takes: list{of: someText, min: 1}, doc: "A program that corsproof starts and stops, and its arguments; ${PORT} is where it is to listen."},
		{name: "env", takes: texts, with: "command", doc: "The program's environment, added to that of corsproof; ${PORT} is where it is to listen."},
		{name: "dir", takes: fullText, with: "command", doc: "The program's working folder, relative to this file. Default: the folder of this file."},
		{name: "ready", takes: readyShape, with: "command", doc: "When the program is ready. Default: any answer to /, within 10s."},
		{name: "server", takes: fullText, doc: "One of corsproof's own servers by name; see corsproof servers."},
		{name: "config", takes: anything{mapOnly: true}, with: "server", doc: "That server's configuration."},
		{name: "via", takes: list{of: either{someText, dictionary{of: anything{mapOnly: true}}}},
			doc: "What stands between the browser and the API, in the order in which a request passes it: names, or {NAME: {settings}}; see corsproof servers."},
		{name: "answers", takes: list{of: answerShape}, doc: "What the embedded API answers: the first answer whose when matches. No match is 404 without CORS headers."},
	},
}

var pageShape = &object{
	name: "page", what: "a page", doc: "What a page has besides its origin.",
	fields: []field{
		{name: "headers", takes: texts, doc: "Headers of the page's own answer, such as Content-Security-Policy."},
		{name: "addressSpace", takes: words{"public", "local", "loopback"}, doc: "Where the browser takes the page to come from. Default: where it is, loopback."},
	},
}

var readyShape = &object{
	name: "ready", what: "ready",
	fields: []field{
		{name: "path", takes: fullText, doc: "A path that is asked until it answers 200 or 204."},
		{name: "within", takes: span{}, doc: "How long that may take. Default: 10s."},
	},
}

var answerShape = &object{
	name: "answer", what: "an answer",
	doc: "One answer of the embedded API, written byte for byte. ${origin} in headers and body is the request's Origin header, ${request.header.NAME} any other, " +
		"${request.body} its body; a header line that refers to something absent is left out.",
	fields: []field{
		{name: "when", takes: whenShape, doc: "Which requests get this answer. Default: all."},
		{name: "status", takes: status, doc: "100 to 999. Default: 200."},
		{name: "reason", takes: someText, doc: "The reason phrase. Default: the status's own."},
		{name: "headers", takes: dictionary{of: either{valueText, list{of: either{valueText, bytesShape}}, bytesShape}},
			doc: "The header lines, in order. A list gives several lines."},
		{name: "body", takes: either{valueText, answerBodyShape}, doc: "The body."},
		{name: "delay", takes: span{}, doc: "How long the answer, or the fault, is held back."},
		{name: "fault", takes: words{"reset", "truncate", "hang", "garbage"}, doc: "What befalls the connection instead of a proper answer."},
	},
}

var whenShape = &object{
	name: "when", what: "when",
	fields: []field{
		{name: "method", takes: fullText, doc: "The method, with its case."},
		{name: "path", takes: fullText, doc: "The path as it is sent; with * at its end a prefix."},
		{name: "headers", takes: texts, doc: "Headers by name without case, and their values; an empty value means that it is there."},
		{name: "query", takes: texts, doc: "Parameters of the query, decoded; an empty value means that it is there."},
	},
}

var bytesShape = &object{
	name: "bytes", what: "bytes", one: []string{"base64"},
	fields: []field{{name: "base64", takes: someText, doc: "Bytes that YAML cannot hold."}},
}

var answerBodyShape = &object{
	name: "answerBody", what: "a body", one: []string{"base64", "file"},
	fields: []field{
		{name: "base64", takes: someText, doc: "Bytes that YAML cannot hold."},
		{name: "file", takes: fullText, doc: "A file with the body, relative to this one."},
	},
}
