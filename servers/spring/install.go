package spring

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/corsproof/corsproof/harness/target"
	"github.com/corsproof/corsproof/servers/internal/version"
)

// AppVariable is the environment variable that names the application's folder
// where it is not beside this package's source.
const AppVariable = "CORSPROOF_SPRING_APP"

// installation is where this machine has what the application needs: Java, and the folder of orders.jar.
type installation struct{ java, folder string }

func locate() (installation, error) {
	java, err := target.LookPath(target.MissingError{
		What: "Java is not installed",
		How:  "run `make servers`, or install version 17 or later: apt-get install default-jdk-headless maven",
	}, "java")
	if err != nil {
		return installation{}, err
	}
	app := os.Getenv(AppVariable)
	if app == "" {
		_, file, _, _ := runtime.Caller(0)
		app = filepath.Join(filepath.Dir(file), "app")
	}
	folder := filepath.Join(app, "target/run")
	_, err = os.Stat(filepath.Join(folder, "orders.jar"))
	if errors.Is(err, fs.ErrNotExist) {
		return installation{}, &target.MissingError{
			What: "the application with Spring Boot is not built: there is no orders.jar in " + folder,
			How:  "run `make servers` in corsproof's checkout, and name its servers/spring/app, or a copy of that, in " + AppVariable,
		}
	}
	if err != nil {
		return installation{}, fmt.Errorf("spring: %w", err)
	}
	return installation{java, folder}, nil
}

// Version says what would be run here: "Spring Boot 4.1.1, Spring 7.0.9, Spring Security 7.1.1, openjdk 17.0.15 2025-04-15".
// The error is a [*target.MissingError] where something is missing.
func Version(ctx context.Context) (string, error) {
	installed, err := locate()
	if err != nil {
		return "", err
	}
	var text string
	var errs []error
	for _, part := range []struct{ name, jar string }{
		{"Spring Boot", "spring-boot"}, {"Spring", "spring-core"}, {"Spring Security", "spring-security-core"},
	} {
		number, err := jarVersion(installed.folder, part.jar)
		errs = append(errs, err)
		text += part.name + " " + number + ", "
	}
	java, err := version.Of(ctx, installed.java, "--version")
	return text + java, errors.Join(append(errs, err)...)
}

// jarVersion finds the version in the name of a library's file.
func jarVersion(folder, name string) (string, error) {
	found, err := filepath.Glob(filepath.Join(folder, "lib", name+"-[0-9]*.jar"))
	if err != nil || len(found) != 1 {
		return "", errors.Join(err, errors.New("spring: there is not one "+name+" in "+folder+": run `make servers` again"))
	}
	base := filepath.Base(found[0])
	return base[len(name)+1 : len(base)-len(".jar")], nil
}
