package diagnose

var exposeHeadersMalformedOrWildcardRule = Rule{
	ID: "expose-headers-malformed-or-wildcard", Title: "Access-Control-Expose-Headers does not do what it says", Severity: Warning,
	Explanation: "Access-Control-Expose-Headers lists the answer's headers that script of other origins may read. If the list cannot be parsed the browser ignores all of it, and for a request with credentials * is no wildcard but the name of a header that nobody has. " +
		"Script then reads null for headers that are there.",
	Clause: exposeClause,
	find:   brokenExpose,
}
