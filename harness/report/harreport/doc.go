// Package harreport writes what crossed the network as HAR 1.2, for
// browsers' developer tools: every exchange, preflights and answers that script
// never saw included, as on the wire.
//
// What HAR has no field for stands in "_corsproof" of an entry and in
// "_base64" of a header whose value is no UTF-8. Exchanges have no times of
// their own: all of a result begin with it, a microsecond apart to keep their order.
// http://www.softwareishard.com/blog/har-12-spec/
package harreport
