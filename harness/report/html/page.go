package html

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html"
	"strings"

	"github.com/corsproof/corsproof/harness/printable"
)

//go:embed assets
var assets embed.FS

// scripts are parts of one script, in order.
var scripts = []string{"nodes.js", "text.js", "yaml.js", "diagram.js", "detail.js", "list.js", "filter.js", "main.js"}

// top is the page up to its data. The script stands before it, so that a page that was cut short works too.
func top(suite string) string {
	style, body := asset("style.css"), asset("body.html")
	script := "'use strict';\n(() => {\n"
	for _, name := range scripts {
		script += asset(name)
	}
	script += "})();\n"
	policy := fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", hash(style), hash(script))
	return fmt.Sprintf(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="%s">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>%s</title>
<style>%s</style>
<script>%s</script>
</head>
<body>
%s`, policy, html.EscapeString(strings.TrimSpace(printable.Text(suite)+" – corsproof")), style, script, body)
}

func asset(name string) string {
	text, err := assets.ReadFile("assets/" + name)
	if err != nil {
		return "" // it was embedded when this was built
	}
	return string(text)
}

// hash is a source expression for exactly that text. https://www.w3.org/TR/CSP3/#grammardef-hash-source
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
