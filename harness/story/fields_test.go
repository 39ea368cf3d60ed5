package story

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/harness/internal/sample"
	"github.com/corsproof/corsproof/harness/probe"
)

// garbled is what a hostile server sends to a terminal: an escape sequence, a change of the
// direction of writing, a line break, a C1 control and a byte that is no UTF-8.
const garbled = "\x1b[31m\u202e\r\n\u009b0m\xff"

// untold are the fields that make no difference to a story, with the reason.
var untold = map[string]string{
	`^(ProbeID|Started|Duration|Browser\..*)$`: "identify the run, not what happened",
	`^Err$`:                             "tested apart: without a verdict there is no story",
	`^Exchanges\[\d\]\.(ID|For)$`:       "keys",
	`^Exchanges\[\d\].*\.RemoteAddr$`:   "always loopback",
	`^Receipts\[\d\]\.(At|Seq|Body)`:    "the receipts' order is told",
	`^Receipts\[\d\]\.Headers`:          "the wire has them",
	`^Replay\.(Body|Command)`:           "the replay's answer is told by its head",
	`^Replay\.Headers.*Value$`:          "only the names of headers that do not matter to CORS are told",
	`^Exchanges.*Headers\[\d\]\.Value$`: "as above; those that matter are tested apart",
	`^Request\.(Password|Body\.Bytes|Body\.Blob|Body\.Form|Body\.Multipart)`: "told as kind and size",
	`^Page\.Body\.(Size|Whole|SHA256)$`:                                      "told where they say more than the text; tested apart",
	`^Exchanges\[3\]\.Request\.Headers`:                                      "this one never left the browser, so it has no lines on the wire",
	`^Page\.Settled$`:                                                        "told by the outcome",
	`^Blocked\.Message$`:                                                     "changes which console line is told; tested apart",
}

// full has something in nearly every field, which no single Observation of an engine has.
func full() probe.Observation {
	o := sample.Redirected()
	o.Step, o.Retried, o.Disagreement, o.Missing = 2, "again", "differs", []string{"the end"}
	o.Blocked = &probe.Block{Code: "Code", Parameter: "parameter", Message: "message"}
	o.NetError, o.Console = "net::ERR_X", []string{"console"}
	o.Page.Error = &probe.ScriptError{Name: "TypeError", Message: "failed"}
	o.Page.Events = []string{"load"}
	o.Request.Client, o.Request.Mode, o.Request.Redirect, o.Request.Cache = probe.XHR, fetch.CORS, fetch.Follow, fetch.NoStore
	o.Request.Referrer, o.Request.ReferrerPolicy, o.Request.Integrity = "about:client", fetch.NoReferrer, "sha256-x"
	o.Request.User, o.Request.Timeout = "alice", time.Second
	last := &o.Exchanges[len(o.Exchanges)-1]
	last.Error, last.Response.StatusText, last.FromCache = "net::ERR_Y", "Fine", "disk"
	last.Request.Raw = false
	return o
}

func TestEveryFieldIsToldOrExempt(t *testing.T) {
	before := Tell(full())
	for _, path := range leaves(t, "", reflect.ValueOf(full())) {
		o := full()
		change(t, reflect.ValueOf(&o).Elem(), path)
		if exempt(path) {
			continue
		}
		if Tell(o) == before {
			t.Errorf("%s makes no difference to the story", path)
		}
	}
}

func TestNothingGarblesATerminal(t *testing.T) {
	for _, path := range leaves(t, "", reflect.ValueOf(full())) {
		o := full()
		change(t, reflect.ValueOf(&o).Elem(), path)
		for _, text := range []string{strings.ReplaceAll(Tell(o), "\n", ""), Line(o)} {
			if i := strings.IndexFunc(text, func(c rune) bool { return c == unicode.ReplacementChar || !unicode.IsPrint(c) }); i >= 0 {
				t.Errorf("%s lets %q through", path, text[max(0, i-20):i+5])
			}
		}
	}
}

func exempt(path string) bool {
	for pattern := range untold {
		if regexp.MustCompile(pattern).MatchString(path) {
			return true
		}
	}
	return false
}

// leaves are the paths of all fields that hold no further fields.
func leaves(t *testing.T, path string, v reflect.Value) []string {
	t.Helper()
	var list []string
	switch {
	case v.Kind() == reflect.Pointer && v.IsNil(), v.Kind() == reflect.Interface:
		return nil
	case v.Kind() == reflect.Pointer:
		return leaves(t, path, v.Elem())
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		for i := range v.NumField() {
			list = append(list, leaves(t, strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."), v.Field(i))...)
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			list = append(list, leaves(t, fmt.Sprintf("%s[%d]", path, i), v.Index(i))...)
		}
	default:
		list = append(list, path)
	}
	return list
}

// change puts another value at a path: a text gets garbled, a number grows, a bool flips.
func change(t *testing.T, v reflect.Value, path string) {
	t.Helper()
	for part := range strings.FieldsFuncSeq(path, func(c rune) bool { return c == '.' || c == '[' || c == ']' }) {
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if v.Kind() == reflect.Slice {
			var i int
			if _, err := fmt.Sscan(part, &i); err != nil {
				t.Fatal(err)
			}
			v = v.Index(i)
			continue
		}
		v = v.FieldByName(part)
	}
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + garbled)
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 7)
	case reflect.Uint8, reflect.Uint64:
		v.SetUint(v.Uint() + 7)
	case reflect.Struct:
		v.Set(reflect.ValueOf(time.Unix(0, 0)))
	default:
		t.Fatalf("%s is a %s, which this test cannot change", path, v.Kind())
	}
}
