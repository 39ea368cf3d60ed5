// Package postman reads Postman collections of format v2.1, and says what
// Postman would send and what a page can. Scripts are not run.
// https://schema.postman.com/json/collection/v2.1.0/docs/index.html
package postman
