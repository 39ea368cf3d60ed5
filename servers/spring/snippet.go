package spring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/corsproof/corsproof/harness/target"
)

// sources are the files of a set-up's snippets, in the application's package.
func (c Config) sources() map[string]string {
	files := map[string]string{}
	if c.Snippet != "" {
		files["CorsConfig.java"] = "package corsproof;\n\n" + c.Snippet
	}
	if c.Chain != "" {
		files["PastedLine.java"] = `package corsproof;

import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;

@org.springframework.stereotype.Component
class PastedLine implements ChainLine {
    public void apply(HttpSecurity http) throws Exception {
` + c.Chain + `
    }
}
`
	}
	return files
}

// paste puts a set-up's texts into that folder of the application's class path, compiled where they are Java.
func (i installation) paste(ctx context.Context, c Config, folder string) error {
	if c.Properties != "" {
		if err := os.WriteFile(filepath.Join(folder, "application.properties"), []byte(c.Properties), 0o600); err != nil {
			return fmt.Errorf("spring: %w", err)
		}
	}
	return i.compile(ctx, c.sources(), folder)
}

// compile compiles sources, if there are any, with the application's libraries into that folder.
func (i installation) compile(ctx context.Context, sources map[string]string, folder string) error {
	if len(sources) == 0 {
		return nil
	}
	javac, err := exec.LookPath("javac")
	if err != nil {
		return &target.MissingError{
			What: "Java's compiler is not installed, and a snippet needs it",
			How:  "run `make servers`, or install version 17 or later: apt-get install default-jdk-headless",
		}
	}
	args := []string{"-d", folder, "-proc:none", "-cp", "orders.jar:lib/*"}
	for name, text := range sources {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return fmt.Errorf("spring: %w", err)
		}
		args = append(args, file)
	}
	command := exec.CommandContext(ctx, javac, args...)
	command.Dir = i.folder
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("spring: the snippet: javac: %w", errors.Join(err, errors.New(string(said))))
	}
	return nil
}
