package chromium

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/corsproof/corsproof/harness/browser"
)

// newProfile makes a temporary profile folder in which the third-party-cookie
// setting is already written: full Chromium withholds third-party cookies by
// default, and reads the setting only at start.
func newProfile(thirdPartyCookies string) (string, error) {
	dir, err := os.MkdirTemp("", "corsproof-")
	if err != nil {
		return "", fmt.Errorf("make a profile folder for the browser: %w", err)
	}
	if err := writePreferences(dir, thirdPartyCookies); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, nil
}

func writePreferences(dir, thirdPartyCookies string) error {
	profile := map[string]any{}
	if thirdPartyCookies == browser.AllowThirdPartyCookies {
		profile["cookie_controls_mode"] = 0
		profile["block_third_party_cookies"] = false
	}
	prefs, err := json.Marshal(map[string]any{"profile": profile})
	if err != nil {
		return err
	}
	for _, name := range []string{"Default", temporary} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			return fmt.Errorf("write the browser's preferences: %w", err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "Default", "Preferences"), prefs, 0o600); err != nil {
		return fmt.Errorf("write the browser's preferences: %w", err)
	}
	return nil
}

// temporary is the browser's own temporary folder, within its profile.
const temporary = "t"

// longestTemporary is how long a temporary folder's name may be: Chromium
// makes a socket below it, whose whole name the system limits to 104 bytes (108 on Linux).
const longestTemporary = 104 - len("/org.chromium.Chromium.XXXXXX/SingletonSocket") - 1

// ownFolders makes the browser keep its temporary files and crash reports in
// its profile, so that they go with it even when it is killed.
func ownFolders(profile string) []string {
	env := []string{"BREAKPAD_DUMP_LOCATION=" + filepath.Join(profile, "crashes")}
	if dir := filepath.Join(profile, temporary); len(dir) <= longestTemporary {
		env = append(env, "TMPDIR="+dir)
	}
	return env
}
