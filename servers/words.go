package servers

import "strings"

// InWordsOf is the name under which a server's configuration is written (see the package remedy): its own, but for those that are
// several by their settings.
func InWordsOf(name string, config map[string]any) string {
	text := func(field string) string { s, _ := config[field].(string); return s }
	switch name {
	case "gomw":
		for _, router := range []string{"chi", "gin", "echo", "fiber", "gorilla"} {
			if text("middleware") == router || strings.HasPrefix(text("fixture"), router+"-") {
				return router
			}
		}
		return "rscors"
	case "spring":
		if text("security") != "" || strings.HasPrefix(text("fixture"), "security-") || text("fixture") == "csrf" {
			return "spring-security"
		}
	}
	return name
}
