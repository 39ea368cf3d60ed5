package diagnose

var headerNotExposedRule = Rule{
	ID: "header-not-exposed", Title: "The answer has headers that script cannot read", Severity: Note,
	Explanation: "Of an answer from another origin script reads a handful of headers (Content-Type, Content-Length, Cache-Control and a few more) and those that the server lists in Access-Control-Expose-Headers. " +
		"All others are there, and shown by every other tool, but script reads null for them.",
	Clause: exposeClause,
	find:   hiddenHeaders,
}
