package harness

import "os"

// fromEnvironment fills what a test's own code seldom knows: the machine's
// browser. This is the only place of the library that reads the environment.
func (c Config) fromEnvironment() Config {
	if c.Browser == "" {
		c.Browser = os.Getenv("CORSPROOF_BROWSER")
	}
	if v := os.Getenv("CORSPROOF_NO_SANDBOX"); v != "" && v != "0" {
		c.DangerouslyDisableSandbox = true
	}
	return c
}
