package denials

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/corsproof/corsproof/harness/target"
)

// ask puts a question to the server at that URL, and describes the answer.
func ask(ctx context.Context, url string, q question) (string, error) {
	for range q.times {
		if _, err := send(ctx, url, q); err != nil {
			return "", err
		}
	}
	return send(ctx, url, q)
}

func send(ctx context.Context, url string, q question) (string, error) {
	request, err := http.NewRequestWithContext(ctx, q.method, url+q.path, nil)
	if err != nil {
		return "", err
	}
	for name, value := range map[string]string{
		"Accept": "*/*", "Origin": q.origin, "Access-Control-Request-Method": q.wants, "Access-Control-Request-Headers": q.header,
	} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	transport := &http.Transport{DisableKeepAlives: true} // and so nothing is left open, or followed
	response, err := transport.RoundTrip(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	return describe(q, response, string(body)), nil
}

// names are how the tables shorten the names of headers.
var names = []struct{ short, long string }{
	{"ACAO", "Access-Control-Allow-Origin"}, {"ACAC", "Access-Control-Allow-Credentials"}, {"ACAM", "Access-Control-Allow-Methods"},
	{"ACAH", "Access-Control-Allow-Headers"}, {"ACMA", "Access-Control-Max-Age"}, {"ACEH", "Access-Control-Expose-Headers"},
	{"ACRM", "Access-Control-Request-Method"}, {"ACRH", "Access-Control-Request-Headers"},
	{"ACRPN", "Access-Control-Request-Private-Network"},
}

// describe says an answer in a line: "200 empty", "403 “Invalid CORS request”", "200 ACAO=page ACAC Vary=Origin".
func describe(q question, response *http.Response, body string) string {
	parts := []string{fmt.Sprint(response.StatusCode)}
	switch {
	case q.wants == "" && body == "" && response.StatusCode != http.StatusNoContent:
		parts = append(parts, "empty")
	case isPhrase(body):
		parts = append(parts, "“"+strings.TrimSpace(body)+"”")
	}
	for _, n := range names {
		if values := response.Header.Values(n.long); values != nil {
			parts = append(parts, n.short+value(q, n.short, values))
		}
	}
	if vary := response.Header.Values("Vary"); vary != nil {
		parts = append(parts, "Vary="+varying(vary))
	}
	return strings.Join(parts, " ")
}

// value is a header's value where it tells something: not that of a list that was configured.
func value(q question, short string, values []string) string {
	if len(values) == 1 && short == "ACAC" && values[0] == "true" {
		return ""
	}
	if short != "ACAO" && short != "ACAC" && !slices.Contains(values, "*") {
		return ""
	}
	for i, v := range values {
		switch v {
		case q.origin:
			values[i] = "page"
		case app:
			values[i] = "app"
		case "":
			values[i] = `""`
		}
	}
	return "=" + strings.Join(values, "+")
}

// varying are the names in Vary, shortened and sorted.
func varying(lines []string) string {
	var list []string
	for _, name := range strings.Split(strings.Join(lines, ","), ",") {
		name = strings.TrimSpace(name)
		for _, n := range names {
			if strings.EqualFold(name, n.long) {
				name = n.short
			}
		}
		if name != "" {
			list = append(list, name)
		}
	}
	slices.SortFunc(list, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return strings.Join(list, "+")
}

// isPhrase tells a short text for people, as some systems answer what they deny, from data and pages.
func isPhrase(body string) bool {
	body = strings.TrimSpace(body)
	return body != "" && len(body) < 40 && unicode.IsLetter(rune(body[0])) && !strings.ContainsAny(body, "{<`|\n")
}

// measure starts a server, asks, and stops it.
func measure(ctx context.Context, server target.Server, questions []question) (answers []string, err error) {
	if err := server.Start(ctx); err != nil {
		return nil, err
	}
	defer func() {
		if closed := server.Close(); err == nil {
			err = closed
		}
	}()
	for _, q := range questions {
		answer, err := ask(ctx, server.URL(), q)
		if err != nil {
			return nil, err
		}
		answers = append(answers, answer)
	}
	return answers, nil
}
