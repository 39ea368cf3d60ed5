package fetch

// Deviations is the table of known deviations.
var Deviations = []Deviation{
	{
		Browser: "chromium",
		ID:      "chromium-authorization-wildcard",
		Kind:    WaivedCheck,
		Clause:  AuthorizationByWildcard.Clause(),
		What:    `"Access-Control-Allow-Headers: *" covers Authorization; DevTools shows the deprecation issue AuthorizationCoveredByWildcard`,
		Reason:  "too many sites rely on it: https://chromestatus.com/feature/5742041264816128, https://github.com/whatwg/fetch/issues/1919",
		Since:   "63, when the wildcard came; deprecated since 2021",
		Waives:  AuthorizationByWildcard,
	},
	{
		Browser: "firefox",
		ID:      "firefox-authorization-wildcard",
		Kind:    WaivedCheck,
		Clause:  AuthorizationByWildcard.Clause(),
		What:    `"Access-Control-Allow-Headers: *" covers Authorization unless a preference, off by default, forbids it`,
		Reason:  "too many sites rely on it: https://bugzilla.mozilla.org/show_bug.cgi?id=1687364, https://github.com/whatwg/fetch/issues/1919",
		Since:   "115, when the preference came",
		Waives:  AuthorizationByWildcard,
	},
	{
		Browser: "chromium",
		ID:      "chromium-repeated-location",
		Kind:    WaivedCheck,
		Clause:  LocationRepeated.Clause(),
		What:    "several Location lines are followed when all are equal",
		Reason:  "only lines that differ are taken for response splitting: net/http/http_stream_parser.cc, ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION",
		Since:   "at least 2012",
		Waives:  LocationRepeated,
	},
	{
		Browser: "chromium",
		ID:      "chromium-client-hints-safelisted",
		Kind:    PreflightNotSent,
		Clause:  standard + "#cors-safelisted-request-header",
		What:    "Device-Memory, DPR, Width, Viewport-Width, RTT, Downlink, ECT and \"Save-Data: on\" need no preflight where their values are well-formed",
		Reason: "the Standard had some of them on its list and dropped them, Chromium kept them: " +
			"services/network/public/cpp/cors/cors.cc, IsCorsSafelistedHeader; https://github.com/whatwg/fetch/issues/1383",
		Since: "the Standard's change of 2019",
		shows: unaskedClientHint,
	},
	{
		Browser: "chromium",
		ID:      "chromium-intervention-safelisted",
		Kind:    PreflightNotSent,
		Clause:  standard + "#cors-safelisted-request-header",
		What:    "Intervention needs no preflight",
		Reason: "Chromium sets it itself where it intervenes, and does not tell its own from script's: " +
			"services/network/public/cpp/cors/cors.cc, IsCorsSafelistedHeader",
		Since: "at least 2018",
		shows: func(d Difference) bool {
			h := d.header()
			return byteEqualFold(h.Name, "intervention") && len(h.Value) <= maxSafelistedValue
		},
	},
	{
		Browser: "chromium",
		ID:      "chromium-user-agent-dropped",
		Kind:    PreflightNotSent,
		Clause:  standard + "#forbidden-request-header",
		What:    "script's User-Agent is dropped without a word, the browser's own is sent, and no preflight asks for it",
		Reason: "sites that set it in vain would fail for want of Access-Control-Allow-Headers: https://issues.chromium.org/issues/40450316, " +
			"https://chromestatus.com/feature/5094781984309248, https://github.com/whatwg/fetch/issues/37",
		Since: "the Standard's change of 2015",
		shows: func(d Difference) bool { return byteEqualFold(d.header().Name, "user-agent") },
	},
	{
		Browser: "chromium",
		ID:      "chromium-upload-without-body",
		Kind:    PreflightNotSent,
		Clause:  standard + "#use-cors-preflight-flag",
		What:    "a listener on XMLHttpRequest.upload needs no preflight where there is no body, or where the request is synchronous",
		Reason: "it looks for listeners only when it is about to fire the upload's loadstart: " +
			"third_party/blink/renderer/core/xmlhttprequest/xml_http_request.cc, CreateRequest",
		Since: "at least 2017",
		shows: func(d Difference) bool {
			return d.Kind == PreflightNotSent && d.Reason.Trigger == UploadListenerTrigger && (d.Hop.Request.Sync || !d.Hop.Request.sendsBody())
		},
	},
	{
		Browser: "chromium",
		ID:      "chromium-lines-joined",
		Kind:    PreflightSent,
		Clause:  standard + "#cors-unsafe-request-header-names",
		What:    "lines of one name are joined by \", \" before they are checked, so that the joined value can be too long, or two simple ranges are none",
		Reason: "its request headers are a map, as the Standard's authors once took them to be: net/http/http_request_headers.h, " +
			"https://github.com/whatwg/fetch/issues/748",
		Since: "at least 2018",
		shows: func(d Difference) bool {
			return d.Kind == PreflightSent && len(headerReasons(joined(d.Hop.Request.HeaderList()))) > 0
		},
	},
	{
		Browser: "chromium",
		ID:      "chromium-long-range",
		Kind:    PreflightSent,
		Clause:  standard + "#simple-range-header-value",
		What:    "a range that starts or ends beyond 63 bits is preflighted",
		Reason:  "its parser of Range, net::HttpUtil::ParseRangeHeader, reads 64-bit integers, where the Standard reads decimal numbers of any length",
		Since:   "99, when Range was safelisted",
		shows:   func(d Difference) bool { return d.Kind == PreflightSent && hasLongRange(d.Hop.Request.HeaderList()) },
	},
	{
		Browser: "chromium",
		ID:      "chromium-origin-despite-referrer-policy",
		Kind:    RequestHeader,
		Clause:  standard + "#append-a-request-origin-header",
		What:    "the Origin header of a request that is not in mode cors names the page's origin whatever the referrer policy says",
		Reason: "fetch and XMLHttpRequest never took part in the change: https://github.com/whatwg/fetch/pull/908, " +
			"https://bugs.chromium.org/p/chromium/issues/detail?id=979142",
		Since: "the Standard's change of 2019",
		shows: func(d Difference) bool {
			return d.Kind == RequestHeader && d.Hop.OriginDue == "null" && d.Hop.OriginSent == d.Hop.Origin.String()
		},
	},
}
