// Package process runs child processes that never outlive us: servers under
// test, and anything else that is started for one run.
//
// A child gets a process group of its own, and a guard beside it: a tiny shell
// that kills the group and removes its temporary folders when this process
// dies, in whatever way. On Linux the kernel kills the child as well. A
// descendant that leaves the group (setsid) is out of reach. On systems that
// are not Unix there are neither groups nor guards: only [Process.Stop] ends the child.
//
// It is not for short commands whose output is the result: use os/exec there.
package process
