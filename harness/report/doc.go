// Package report holds the result of a case as corsproof reports it: a plain
// value of a version, whose JSON is a contract with users' own tools. One
// folder a format writes such values; each of them is a [Reporter].
//
// What came from outside is kept as it was. Text that is no UTF-8 is written
// so that it can be read and restored: see [Text].
package report
