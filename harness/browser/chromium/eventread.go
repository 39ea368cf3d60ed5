package chromium

import (
	"errors"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
)

// read fills ev from an event's params.
func (ev *event) read(params item) error {
	var errs []error
	for name, v := range params.members() {
		switch string(name.bytes()) {
		case "requestId":
			ev.RequestID = v.text()
		case "request":
			ev.Request = readRequest(v)
		case "initiator":
			ev.Initiator = readInitiator(v)
		case "redirectResponse":
			ev.RedirectResponse = readResponse(v)
		case "redirectHasExtraInfo":
			ev.RedirectHasExtraInfo = v.truth()
		case "response":
			ev.Response = readResponse(v)
		case "hasExtraInfo":
			ev.HasExtraInfo = v.truth()
		case "headers":
			ev.Headers = v
		case "headersText":
			ev.HeadersText = v.text()
		case "statusCode":
			ev.StatusCode = v.number()
		case "errorText":
			ev.ErrorText = v.text()
		case "canceled":
			ev.Canceled = v.truth()
		case "blockedReason":
			ev.BlockedReason = v.text()
		case "name":
			ev.Name = v.text()
		case "payload":
			ev.Payload = v.text()
		default:
			errs = append(errs, ev.readRare(string(name.bytes()), v))
		}
	}
	return errors.Join(errs...)
}

// readRare reads the members that most events do not have.
func (ev *event) readRare(name string, v item) error {
	switch name {
	case "associatedCookies":
		return v.into(&ev.AssociatedCookies)
	case "blockedCookies":
		return v.into(&ev.BlockedCookies)
	case "corsErrorStatus":
		return v.into(&ev.CORS)
	case "entry":
		return v.into(&ev.Entry)
	case "issue":
		return v.into(&ev.Issue)
	}
	return nil
}

func readRequest(from item) *sentRequest {
	r := new(sentRequest)
	for name, v := range from.members() {
		switch string(name.bytes()) {
		case "url":
			r.URL = v.text()
		case "urlFragment":
			r.URLFragment = v.text()
		case "method":
			r.Method = v.text()
		case "headers":
			r.Headers = v
		}
	}
	return r
}

func readInitiator(from item) (i initiator) {
	for name, v := range from.members() {
		switch string(name.bytes()) {
		case "type":
			i.Type = v.text()
		case "requestId":
			i.RequestID = v.text()
		}
	}
	return i
}

func readResponse(from item) *response {
	r := new(response)
	for name, v := range from.members() {
		switch string(name.bytes()) {
		case "status":
			r.Status = v.number()
		case "statusText":
			r.StatusText = v.text()
		case "headers":
			r.Headers = v
		case "protocol":
			r.Protocol = v.text()
		case "remoteIPAddress":
			r.RemoteIP = v.text()
		case "remotePort":
			r.RemotePort = v.number()
		case "fromDiskCache":
			r.FromDiskCache = v.truth()
		case "fromServiceWorker":
			r.FromServiceWorker = v.truth()
		case "fromPrefetchCache":
			r.FromPrefetchCache = v.truth()
		}
	}
	return r
}

// headerList reads a protocol header object. A value that stands for several
// lines (joined by a newline) becomes as many lines.
func headerList(from item) fetch.HeaderList {
	list := make(fetch.HeaderList, 0, 16)
	for n, value := range from.members() {
		name := n.text()
		if strings.HasPrefix(name, ":") {
			continue // an HTTP/2 pseudo-header is no header
		}
		for line := range strings.SplitSeq(value.text(), "\n") {
			list = append(list, fetch.Header{Name: name, Value: line})
		}
	}
	return list
}

// headersText reads a raw HTTP/1 response head, status line first.
func headersText(text string) fetch.HeaderList {
	var list fetch.HeaderList
	first := true
	for line := range strings.SplitSeq(strings.TrimRight(text, "\r\n"), "\n") {
		if first {
			first = false
			continue
		}
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\r"), ":")
		if ok {
			list = append(list, fetch.Header{Name: name, Value: strings.Trim(value, " \t")})
		}
	}
	return list
}
