// Package importer holds what foreign requests become: what a tool (curl,
// Postman, a browser's HAR) was told to send, the nearest request that script
// on a page can make, and what lies between the two.
//
// The packages below it read the formats. Nothing here sends anything, starts
// a browser or opens a file: who wants files read gives a function for it.
package importer
