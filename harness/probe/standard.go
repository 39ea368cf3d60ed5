package probe

import "github.com/corsproof/corsproof/harness/fetch"

// Standard is a request in the terms of package fetch, as a page of that
// origin makes it: what a client has no option for is left out.
func (r Request) Standard(origin fetch.Origin) fetch.Request {
	out := fetch.Request{Origin: origin, URL: r.URL, Method: r.Method, Headers: r.Headers}
	if r.Body != nil {
		kind := r.Body.Type()
		out.BodyType = &kind
	}
	if r.Client == XHR {
		out.XHR, out.Sync, out.UploadListener, out.Credentials = true, r.Sync, r.UploadListener, fetch.SameOrigin
		if r.Credentials == fetch.Include {
			out.Credentials = fetch.Include
		}
		return out
	}
	out.Mode, out.Credentials, out.Redirect = r.Mode, r.Credentials, r.Redirect
	out.ReferrerPolicy, out.Integrity = r.ReferrerPolicy, r.Integrity
	return out
}

// StandardExchanges are exchanges in the terms of package fetch, for its predictions.
func StandardExchanges(list []Exchange) []fetch.Exchange {
	out := make([]fetch.Exchange, 0, len(list))
	for _, x := range list {
		e := fetch.Exchange{Role: fetch.Role(x.Role), URL: x.Request.URL, Headers: x.Request.Headers, Sent: x.Request.Raw, ServiceWorker: x.FromCache == "service-worker"}
		if x.Response != nil {
			e.Response = &fetch.Response{Status: x.Response.Status, Headers: x.Response.Headers}
		}
		out = append(out, e)
	}
	return out
}
