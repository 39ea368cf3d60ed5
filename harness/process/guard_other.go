//go:build !unix

package process

// Guard does nothing on this system: there are no process groups.
func Guard(int, []string) (release func() error, err error) {
	return func() error { return nil }, nil
}
