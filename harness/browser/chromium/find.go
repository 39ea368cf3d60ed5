package chromium

import (
	"os/exec"
	"runtime"
	"strings"

	"github.com/corsproof/corsproof/harness/browser"
)

// Flavours of Chromium. They differ in what reaches a server: cookies above all.
const (
	Chrome        = "chrome"
	ChromiumFull  = "chromium"
	Edge          = "edge"
	HeadlessShell = "headless-shell"
)

// Binary is a browser that was found.
type Binary struct {
	Path, Flavour string
}

// places are where browsers are looked for, the full ones first, since those are what users' users run.
func places(goos string) []string {
	if goos == "darwin" {
		return []string{
			"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
			"/Applications/Chromium.app/Contents/MacOS/Chromium",
			"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
			"chromium", "chrome-headless-shell",
		}
	}
	return []string{
		"google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome",
		"microsoft-edge", "microsoft-edge-stable", "google-chrome-beta", "google-chrome-unstable",
		"chromium-headless-shell", "chrome-headless-shell", "headless-shell", "headless_shell",
	}
}

const howToInstall = "install one (Debian or Ubuntu: apt-get install chromium; macOS: brew install --cask chromium), " +
	"or name one with Config.Browser or CORSPROOF_BROWSER"

// Find looks for a browser: path where it is given (a path or a program's
// name), else the usual places. It starts nothing.
func Find(path string) (Binary, error) {
	if path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return Binary{}, &browser.UnavailableError{What: "no browser at " + path, How: howToInstall, Err: err}
		}
		return Binary{Path: found, Flavour: flavour(found)}, nil
	}
	for _, place := range places(runtime.GOOS) {
		if found, err := exec.LookPath(place); err == nil {
			return Binary{Path: found, Flavour: flavour(found)}, nil
		}
	}
	return Binary{}, &browser.UnavailableError{What: "no Chrome, Chromium, Edge or headless-shell was found", How: howToInstall}
}

// flavour goes by the program's name, since two of them tell the same version over the protocol.
func flavour(path string) string {
	text := strings.ToLower(path)
	switch {
	case strings.Contains(text, "headless-shell"), strings.Contains(text, "headless_shell"):
		return HeadlessShell
	case strings.Contains(text, "edge"):
		return Edge
	case strings.Contains(text, "google chrome"), strings.Contains(text, "google-chrome"):
		return Chrome
	}
	return ChromiumFull
}

// name is a flavour as people call it.
func (b Binary) name() string {
	switch b.Flavour {
	case Chrome:
		return "Google Chrome"
	case Edge:
		return "Microsoft Edge"
	case HeadlessShell:
		return "Chromium headless-shell"
	}
	return "Chromium"
}
