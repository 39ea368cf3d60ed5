// Package rawhttp serves HTTP/1.1 and HTTP/2 byte for byte: an answer's header
// lines are written in the order, case and number in which they are given, with
// blanks, control bytes and empty values kept, and a request is handed over as
// it was sent. net/http can do neither: it trims, folds and canonicalises.
//
// A [Server] plays one of two parts. With a Handler it is an API. With an
// [Upstream] it is a transparent hop before somebody else's API: it forwards
// every byte as it came, in both directions, and keeps receipts. In both parts
// the paths below [Reserved] belong to corsproof's own pages, where there are any.
//
// Requests are reported to Config.Receive, which [Log] can collect: after their
// body was read, and before anything is answered or the request is complete at
// the API behind the hop. So whoever saw an answer can rely on the receipt.
package rawhttp
