package diagnose

var localNetworkAccessRule = Rule{
	ID: "local-network-access", Title: "A page from the internet asks a private network: not CORS", Severity: Error,
	Explanation: "Browsers let a page from the public internet ask this machine or the local network only if the page came over https and the user gave permission. Without it the request is not sent, whatever CORS headers the server has.",
	Clause:      mainFetch, Codes: []string{"InsecureLocalNetwork", "InvalidLocalNetworkAccess", "LocalNetworkAccessPermissionDenied"},
	find: byCode(localNetwork, "InsecureLocalNetwork", "InvalidLocalNetworkAccess", "LocalNetworkAccessPermissionDenied"),
}
