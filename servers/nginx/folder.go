package nginx

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

var (
	//go:embed nginx.conf
	mainFile []byte
	//go:embed app.conf
	appText     string
	appTemplate = template.Must(template.New("app.conf").Parse(appText))
)

// statuses are those that nginx answers with a body; 3xx would redirect, and 444 drops the connection.
func statuses() (codes []int) {
	for code := 200; code <= 999; code++ {
		if code < 300 && code != 204 || code >= 400 && code != 444 {
			codes = append(codes, code)
		}
	}
	return codes
}

// newFolder makes a temporary folder with everything that nginx needs to listen at that address.
func newFolder(config Config, listen string) (string, error) {
	site, err := config.render(listen)
	if err != nil {
		return "", err
	}
	var app bytes.Buffer
	if err := appTemplate.Execute(&app, map[string]any{"Statuses": statuses()}); err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp("", "corsproof-nginx-")
	if err != nil {
		return "", fmt.Errorf("nginx: %w", err)
	}
	for name, text := range map[string][]byte{"nginx.conf": mainFile, "site.conf": site, "app.conf": app.Bytes()} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			return "", errors.Join(fmt.Errorf("nginx: %w", err), os.RemoveAll(folder))
		}
	}
	return folder, nil
}
