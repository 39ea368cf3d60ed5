package fetch

// RequestMode is a request's mode. https://fetch.spec.whatwg.org/#concept-request-mode
type RequestMode string

// The request modes that script can choose. The zero value means the client's
// default, which is [CORS] for fetch() and for XMLHttpRequest.
const (
	CORS           RequestMode = "cors"
	NoCORS         RequestMode = "no-cors"
	SameOriginMode RequestMode = "same-origin"
)

// CredentialsMode is a request's credentials mode.
// https://fetch.spec.whatwg.org/#concept-request-credentials-mode
type CredentialsMode string

// The credentials modes. The zero value means the client's default,
// [SameOrigin]. For XMLHttpRequest, withCredentials is [Include].
const (
	Omit       CredentialsMode = "omit"
	SameOrigin CredentialsMode = "same-origin"
	Include    CredentialsMode = "include"
)

// RedirectMode is a request's redirect mode.
// https://fetch.spec.whatwg.org/#concept-request-redirect-mode
type RedirectMode string

// The redirect modes. The zero value means [Follow].
const (
	Follow         RedirectMode = "follow"
	ErrorRedirect  RedirectMode = "error"
	ManualRedirect RedirectMode = "manual"
)

// CacheMode is a request's cache mode. https://fetch.spec.whatwg.org/#concept-request-cache-mode
type CacheMode string

// The cache modes. The zero value means [DefaultCache].
const (
	DefaultCache CacheMode = "default"
	NoStore      CacheMode = "no-store"
	Reload       CacheMode = "reload"
	NoCache      CacheMode = "no-cache"
	ForceCache   CacheMode = "force-cache"
	OnlyIfCached CacheMode = "only-if-cached"
)

// ReferrerPolicy is a request's referrer policy.
// https://w3c.github.io/webappsec-referrer-policy/#referrer-policies
type ReferrerPolicy string

// The referrer policies. The zero value means the browser's default,
// [StrictOriginWhenCrossOrigin].
const (
	NoReferrer                  ReferrerPolicy = "no-referrer"
	NoReferrerWhenDowngrade     ReferrerPolicy = "no-referrer-when-downgrade"
	SameOriginReferrer          ReferrerPolicy = "same-origin"
	OriginReferrer              ReferrerPolicy = "origin"
	StrictOrigin                ReferrerPolicy = "strict-origin"
	OriginWhenCrossOrigin       ReferrerPolicy = "origin-when-cross-origin"
	StrictOriginWhenCrossOrigin ReferrerPolicy = "strict-origin-when-cross-origin"
	UnsafeURL                   ReferrerPolicy = "unsafe-url"
)

// ResponseType is a response's type as script reads it.
// https://fetch.spec.whatwg.org/#concept-response-type
type ResponseType string

// The response types.
const (
	Basic          ResponseType = "basic"
	CORSResponse   ResponseType = "cors"
	Opaque         ResponseType = "opaque"
	OpaqueRedirect ResponseType = "opaqueredirect"
	ErrorResponse  ResponseType = "error"
)
