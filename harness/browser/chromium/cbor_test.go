package chromium

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/chromedp/cdproto"
)

// encoded is a message as Chromium sends it, written as JSON here to be read.
func encoded(t testing.TB, text string) item {
	t.Helper()
	v, err := itemOf([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// eventOf is an event with those params.
func eventOf(t testing.TB, params string) *event {
	t.Helper()
	ev := new(event)
	if err := ev.read(encoded(t, params)); err != nil {
		t.Fatal(err)
	}
	return ev
}

func TestWhatIsWrittenAsCBORIsReadAsTheSameJSON(t *testing.T) {
	for _, text := range []string{
		`null`, `true`, `false`, `0`, `23`, `24`, `255`, `256`, `65535`, `65536`, `2147483647`, `-1`, `-2147483648`, `1.5`, `4294967296`, `1e-7`,
		`""`, `"text"`, `"Grüße, 世界, 🦊"`, `"` + strings.Repeat("x", 300) + `"`, `"` + strings.Repeat("x", 70_000) + `"`,
		`[]`, `[1,[2,[]],{"a":null}]`, `{}`, `{"a":{"b":[true,"c"]},"d":-5}`,
	} {
		v := encoded(t, text)
		var got, want any
		if !v.valid() || v.into(&got) != nil || json.Unmarshal([]byte(text), &want) != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%.60s is read as %.60s", text, v.appendJSON(nil))
		}
	}
}

func TestTextOfEitherFormIsRead(t *testing.T) {
	for _, c := range []struct {
		v    item
		want string
	}{
		{item("\x65hello"), "hello"},
		{item("\x46\x3d\xd8\x8a\xdd\x21\x00"), "\U0001F58A!"},
		{item("\x42\x00\xd8"), "\uFFFD"}, // half of a surrogate pair, which script can send
		{item("\x63a\xe9b"), "a\xe9b"},   // a header's own bytes
	} {
		if got := c.v.text(); !c.v.valid() || got != c.want {
			t.Errorf("%x is %q, want %q", []byte(c.v), got, c.want)
		}
	}
}

func TestBrokenCBORIsNotValid(t *testing.T) {
	whole := encoded(t, `{"method":"Network.loadingFinished","params":{"requestId":"1","n":[1.5,70000]}}`)
	for n := range len(whole) {
		if whole[:n].valid() {
			t.Errorf("the first %d of %d bytes are valid", n, len(whole))
		}
	}
	for name, v := range map[string]item{
		"more than one item":     append(append(item{}, whole...), 0),
		"a name without a value": item("\xd8\x18\x5a\x00\x00\x00\x04\xbf\x61a\xff"),
		"a name that is no text": item("\xd8\x18\x5a\x00\x00\x00\x04\xbf\x01\x01\xff"),
		"a map outside":          item("\xbf\xff"),
		"another tag":            item("\xc1\x01"),
		"a length beyond":        item("\x7b\xff\xff\xff\xff\xff\xff\xff\xffx"),
	} {
		if v.valid() {
			t.Errorf("%s is valid", name)
		}
	}
}

// reader is a transport that reads what a browser has written.
func reader(written ...[]byte) *transport {
	return &transport{in: bufio.NewReader(bytes.NewReader(bytes.Join(written, nil))), evidence: func(string, string, *event) {}}
}

func TestAMessageForChromedpComesAsItsJSON(t *testing.T) {
	tr := reader(
		encoded(t, `{"method":"Network.dataReceived","params":{"requestId":"1"},"sessionId":"S"}`),
		encoded(t, `{"method":"Page.loadEventFired","params":{"timestamp":1.5},"sessionId":"S"}`),
		encoded(t, `{"id":7,"result":{"a":[1]},"sessionId":"S"}`),
		encoded(t, `{"id":8,"error":{"code":-32000,"message":"no"}}`),
	)
	want := []string{
		`{"sessionId":"S","method":"Page.loadEventFired","params":{"timestamp":1.5}}`,
		`{"id":7,"sessionId":"S","result":{"a":[1]}}`,
		`{"id":8,"error":{"code":-32000,"message":"no"}}`,
	}
	for _, w := range want {
		var msg cdproto.Message
		if err := tr.Read(t.Context(), &msg); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(msg); err != nil || string(got) != w {
			t.Errorf("got  %s %v\nwant %s", got, err, w)
		}
	}
	if err := tr.Read(t.Context(), new(cdproto.Message)); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
}

func TestWhatIsNoMessageEndsTheConnectionWithAReason(t *testing.T) {
	whole := encoded(t, `{"id":7,"result":{}}`)
	for _, c := range []struct {
		name    string
		written []byte
		want    string
	}{
		{"JSON", []byte(`{"id":7,"result":{}}` + "\x00"), "no message in CBOR"},
		{"a size that cannot be", []byte("\xd8\x18\x5a\xff\xff\xff\xff"), "no message in CBOR"},
		{"a broken message", append([]byte("\xd8\x18\x5a\x00\x00\x00\x02"), 0xbf, 0xbf), "broken CBOR"},
		{"half of a message", whole[:len(whole)-3], "unexpected EOF"},
		{"half of a head", whole[:3], "unexpected EOF"},
		{"an event that is none", encoded(t, `{"method":"Log.entryAdded","params":{"entry":[]}}`), "Log.entryAdded"},
	} {
		if err := reader(c.written).Read(t.Context(), new(cdproto.Message)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestACommandHasItsParams(t *testing.T) {
	v, err := commandOf(&cdproto.Message{ID: 3, SessionID: "S", Method: "Runtime.evaluate", Params: []byte(`{"expression":"f(\"ü\")","timeout":1.5}`)})
	if err != nil {
		t.Fatal(err)
	}
	var got any
	want := map[string]any{"id": 3.0, "sessionId": "S", "method": "Runtime.evaluate", "params": map[string]any{"expression": `f("ü")`, "timeout": 1.5}}
	if !v.valid() || v.into(&got) != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func FuzzNoBytesMakeTheReaderPanic(f *testing.F) {
	for _, ev := range preflighted {
		f.Add([]byte(encoded(f, `{"method":"`+ev.method+`","params":`+ev.params+`}`)))
	}
	f.Add([]byte("\xd8\x18\x5a\x00\x00\x00\x03\xbf\xd6\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		v := item(data)
		if !v.valid() {
			return
		}
		if text := v.appendJSON(nil); !json.Valid(text) {
			t.Errorf("%x is no JSON: %q", data, text)
		}
		_ = new(event).read(readFrame(v).params) // an event may be none; that is an error and no panic
		headerList(v)
	})
}
