package apim

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/rawhttp"
)

// exchange is a request on its way through the policies.
type exchange struct {
	ctx      context.Context // of the request, which ends before the exchange
	request  *rawhttp.Request
	headers  fetch.HeaderList // for the backend
	rest     string           // the path that the backend sees
	key      string           // the subscription's, where it is valid
	response *rawhttp.Response
	grant    *grant // of the cors policy that matched, or nil
	now      func() time.Time
	backend  func(*exchange) (*rawhttp.Response, error)
}

// verdict is how a policy ends. Its zero value goes on to the next.
type verdict struct {
	response *rawhttp.Response // ends the request with this answer
	err      *gatewayError     // jumps to on-error
}

// gatewayError is an error of the gateway's own making.
type gatewayError struct {
	status  int
	message string
	headers fetch.HeaderList
}

// response is the gateway's answer to an error.
func (e *gatewayError) response() *rawhttp.Response {
	headers := fetch.HeaderList{{Name: "Content-Type", Value: "application/json"}}
	message, err := json.Marshal(e.message)
	if err != nil { // a text always encodes
		message = []byte(`""`)
	}
	return &rawhttp.Response{
		Status: e.status, Headers: append(headers, e.headers...),
		Body: fmt.Appendf(nil, `{ "statusCode": %d, "message": %s }`, e.status, message),
	}
}

// status is that of the answer, or 0 as long as there is none.
func (x *exchange) status() int {
	if x.response == nil {
		return 0
	}
	return x.response.Status
}

// runAll runs policies until one ends the section.
func (x *exchange) runAll(list []policy) verdict {
	for _, p := range list {
		if p.step == nil {
			continue
		}
		if v := p.step.run(x); v.response != nil || v.err != nil {
			return v
		}
	}
	return verdict{}
}

// run takes an actual request through the sections of the effective policy.
func (x *exchange) run(chain []*document) *rawhttp.Response {
	for _, section := range []string{inbound, backend, outbound} {
		v := x.runAll(effective(chain, section))
		if v.err != nil {
			return x.fail(chain, v.err)
		}
		if v.response != nil {
			return x.finish(v.response)
		}
		if section == backend && x.response == nil { // nothing forwarded the request
			x.response = &rawhttp.Response{Status: 200}
		}
	}
	return x.finish(x.response)
}

// fail answers with an error, after the on-error section.
func (x *exchange) fail(chain []*document, err *gatewayError) *rawhttp.Response {
	x.response = err.response()
	if v := x.runAll(effective(chain, onError)); v.response != nil {
		x.response = v.response
	}
	return x.finish(x.response)
}

// finish puts what the cors policy granted on an answer.
func (x *exchange) finish(resp *rawhttp.Response) *rawhttp.Response {
	if x.grant != nil {
		x.grant.apply(resp)
	}
	return resp
}
