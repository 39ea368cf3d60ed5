package spring

import (
	"cmp"
	"encoding/json"
)

// securityParts lock every path as soon as Spring Security is on the class path; a set-up without it leaves them out.
var securityParts = []string{
	"org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
	"org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
	"org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
	"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
}

// settings is the set-up as Spring reads it from SPRING_APPLICATION_JSON. Port 0
// lets the kernel choose, so that no other program can take the port first.
func (c Config) settings() (string, error) {
	if c.Snippet != "" {
		c.Mapping, c.Annotation = "", ""
	}
	registry := map[string]any{}
	for name, list := range map[string][]string{
		"allowed-origins": c.AllowedOrigins, "allowed-origin-patterns": c.AllowedOriginPatterns,
		"allowed-methods": c.AllowedMethods, "allowed-headers": c.AllowedHeaders, "exposed-headers": c.ExposedHeaders,
	} {
		if list != nil {
			registry[name] = list
		}
	}
	if c.AllowCredentials {
		registry["allow-credentials"] = true
	}
	if c.MaxAge != nil {
		registry["max-age"] = *c.MaxAge
	}
	own := map[string]any{
		"annotation": cmp.Or(c.Annotation, "none"), "origin": cmp.Or(c.Origin, "https://app.example.com"), "csrf": c.CSRF,
		"registry": registry,
	}
	if c.Mapping != "" {
		own["mapping"] = c.Mapping
	}
	all := map[string]any{
		"corsproof": own,
		"server":    map[string]any{"address": "127.0.0.1", "port": 0, "shutdown": "immediate"},
		"spring":    map[string]any{"main": map[string]any{"banner-mode": "off"}},
	}
	if c.Security == "" {
		all["spring.autoconfigure.exclude"] = securityParts
	} else {
		own["security"] = c.Security
	}
	text, err := json.Marshal(all)
	return string(text), err
}
