package probe

// BlockCodes are the codes that [Block] is known to have: Chromium's CORS
// errors and its other reasons to block. It is an open set: browsers add and drop some.
// https://chromedevtools.github.io/devtools-protocol/tot/Network/#type-CorsError
var BlockCodes = []string{
	"DisallowedByMode", "InvalidResponse", "WildcardOriginNotAllowed", "MissingAllowOriginHeader",
	"MultipleAllowOriginValues", "InvalidAllowOriginValue", "AllowOriginMismatch", "InvalidAllowCredentials",
	"CorsDisabledScheme", "PreflightInvalidStatus", "PreflightDisallowedRedirect",
	"PreflightWildcardOriginNotAllowed", "PreflightMissingAllowOriginHeader", "PreflightMultipleAllowOriginValues",
	"PreflightInvalidAllowOriginValue", "PreflightAllowOriginMismatch", "PreflightInvalidAllowCredentials",
	"InvalidAllowMethodsPreflightResponse", "InvalidAllowHeadersPreflightResponse",
	"MethodDisallowedByPreflightResponse", "HeaderDisallowedByPreflightResponse", "RedirectContainsCredentials",
	"InsecureLocalNetwork", "InvalidLocalNetworkAccess", "LocalNetworkAccessPermissionDenied", "NoCorsRedirectModeNotFollow",
	"mixed-content", "csp", "corp-not-same-origin", "corp-not-same-site", "coep-frame-resource-needs-coep-header",
	"corp-not-same-origin-after-defaulted-to-same-origin-by-coep",
}
