package diagnose

import "github.com/corsproof/corsproof/harness/fetch"

var multipleAllowOriginRule = Rule{
	ID: "multiple-allow-origin", Title: "Access-Control-Allow-Origin stands there more than once", Severity: Error,
	Explanation: "The answer has the header Access-Control-Allow-Origin more than once. A browser takes exactly one value, and refuses two even if they are equal. Nearly always two layers add it: " +
		"the application and a proxy or gateway in front of it. Either alone would do.",
	Clause: fetch.AllowOriginMultiple.Clause(), Codes: []string{"MultipleAllowOriginValues", "PreflightMultipleAllowOriginValues"},
	find: badValues(isRepeated, repeatedValue),
}
