package diagnose

// turnedDown reports that the request was answered with an error that says it was not executed.
func (s *scene) turnedDown() bool {
	x := s.final()
	return x != nil && x.Response != nil && (400 <= x.Response.Status && x.Response.Status < 500 || x.Response.Status == 501 || x.Response.Status == 503)
}

// safe reports whether a method asks for nothing to change. https://www.rfc-editor.org/rfc/rfc9110#name-safe-methods
func safe(method string) bool {
	return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE"
}
