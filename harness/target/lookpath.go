package target

import "os/exec"

// LookPath returns the first of those programs that there is: names are looked up in PATH, and paths are for where a user's PATH does
// not lead to, as Debian's /usr/sbin. Where there is none the error is missing.
func LookPath(missing MissingError, programs ...string) (string, error) {
	for _, program := range programs {
		if path, err := exec.LookPath(program); err == nil {
			return path, nil
		}
	}
	return "", &missing
}
