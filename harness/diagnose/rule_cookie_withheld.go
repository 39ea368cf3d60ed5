package diagnose

var cookieWithheldRule = Rule{
	ID: "cookie-withheld", Title: "The browser did not send a cookie", Severity: Warning,
	Explanation: "There is a cookie for this server, and the browser did not send it: because of its SameSite attribute (a page of another site asked), because it is for https only, or because the user does not allow cookies of third parties. " +
		"No CORS error says so; the server just sees nobody logged in. Besides, script has to ask for credentials, and the server has to allow them.",
	Clause: cookieClause,
	find:   withheld,
}
