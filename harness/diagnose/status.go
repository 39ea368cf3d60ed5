package diagnose

import "net/http"

// statusText is a status in words.
func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "unknown status"
}

// isOK reports an ok status. https://fetch.spec.whatwg.org/#ok-status
func isOK(status int) bool { return 200 <= status && status < 300 }

// errorFix says where to look for an error of that status.
func errorFix(status int) []string {
	switch {
	case status == 401:
		return []string{"find out why the request is not authenticated: see which cookies and which Authorization header it carries"}
	case status == 403:
		return []string{"find out who forbids it: authorization, a firewall, a check against cross-site request forgery"}
	case status == 404:
		return []string{"see whether the path is right: no route, or nothing of that name, is there"}
	case status == 405:
		return []string{"see whether the route takes this method"}
	case status == 413:
		return []string{"the body is larger than something on the way allows: raise that limit or send less"}
	case status == 431:
		return []string{"the request's headers are longer than something on the way allows: most likely its cookies; make them fewer or shorter, or raise that limit"}
	case status == 429:
		return []string{"a rate limit was met: raise it, or have script ask again after a pause, a longer one each time: without CORS headers it can read neither the status nor Retry-After"}
	case status == 502 || status == 504:
		return []string{"a proxy could not get an answer from the application behind it: see whether that runs"}
	case status == 503:
		return []string{"nothing can answer at the moment: the application does not run, is down for maintenance or overloaded, or a limit was met; the log of what answers tells"}
	case 520 <= status && status <= 530:
		return []string{"a CDN could not get a whole answer from the server behind it (these are statuses of Cloudflare's own): see whether that runs, and lets the CDN in"}
	case status >= 500:
		return []string{"the application failed: its log says why"}
	default:
		return []string{"see what the server objects to: the body of the error says it to a client that is no browser"}
	}
}
