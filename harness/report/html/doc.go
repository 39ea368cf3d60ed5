// Package html writes results as one self-contained page for people. It needs
// no network, and works from a file.
//
// What an API or a page sent is hostile here. It stands in the page only as
// JSON in which no character means anything to an HTML parser, becomes text nodes and
// never markup, and a Content-Security-Policy allows the page's own style and script alone, by their hashes.
package html
