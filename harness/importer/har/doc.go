// Package har reads HAR 1.2, the network log that browsers' DevTools save,
// and picks what script asked for: the requests that a page can make again.
// http://www.softwareishard.com/blog/har-12-spec/
package har
