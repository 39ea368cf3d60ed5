package diagnose

var notCorsRule = Rule{
	ID: "not-cors", Title: "The network failed: not CORS", Severity: Error,
	Explanation: "To script, a failed network and a request that CORS forbids look the same: TypeError, Failed to fetch. Here no CORS check failed: the name was not found, nobody answered, the certificate is not trusted, the connection broke, or what came was no HTTP. " +
		"CORS headers do not help; the connection has to work first.",
	Clause: networkError,
	find:   notCORS,
}
