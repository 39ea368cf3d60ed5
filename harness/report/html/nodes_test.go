package html

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestEqualValuesAreOneNode(t *testing.T) {
	got, err := encode([]any{map[string]any{"b": "x", "a": 1.5}, map[string]any{"a": nil, "b": "x"}, []any{}, "x"})
	if want := "[\"a\",\n1.5,\n\"b\",\n\"x\",\n[0,0,2],\n[1,4,1,3],\nnull,\n[1,4,6,3],\n[0],\n[0,5,7,8,3]]"; err != nil || string(got) != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
}

func FuzzNodesCanStandInAScriptElement(f *testing.F) {
	for _, seed := range []string{"", "</script>", "<!--<script>", "\u2028&lt;", "\xff]]>", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := encode(map[string]any{text: []string{text}})
		if err != nil || !json.Valid(got) || bytes.ContainsAny(got, "<>&\u2028\u2029\x00") {
			t.Errorf("%s, %v", got, err)
		}
	})
}
