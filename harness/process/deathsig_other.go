//go:build !linux

package process

import "os/exec"

// holdThread does nothing: only Linux signals a child when its parent dies. The guard does it elsewhere.
func holdThread(*exec.Cmd) (release func()) { return func() {} }
