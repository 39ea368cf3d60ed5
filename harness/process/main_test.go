//go:build unix

package process_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/corsproof/corsproof/harness/process"
)

// roleVariable makes the test binary play another program.
const roleVariable = "PROCESS_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "":
		os.Exit(m.Run())
	case "server":
		playServer(os.Args[1])
	case "parent":
		playParent(os.Args[1], os.Args[2], os.Args[3])
	}
}

// playServer answers 404 on a port of 127.0.0.1.
func playServer(port string) {
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, http.NotFoundHandler()))
}

// stubborn has a child, tells both process ids, and ignores polite signals; so does the child.
const stubborn = `trap '' TERM INT HUP; sleep 600 & echo "$$ $!"; while :; do wait; done`

// playParent starts a child in one of two ways, says its process ids and dies in one of several.
func playParent(start, death, folder string) {
	pipe, writer, err := os.Pipe()
	if err != nil {
		log.Fatal(err)
	}
	switch start {
	case "started":
		_, err = process.Start(context.Background(), process.Config{
			Path: "/bin/sh", Args: []string{"-c", stubborn}, Output: writer, Remove: []string{folder},
		})
	case "guarded":
		err = startGuarded(writer, folder)
	}
	if err != nil {
		log.Fatal(err)
	}
	var child, grandchild int
	if _, err := fmt.Fscan(pipe, &child, &grandchild); err != nil {
		log.Fatal(err)
	}
	fmt.Println(child, grandchild)
	die(death)
}

// startGuarded starts a child as another library would: without a death signal.
func startGuarded(output *os.File, folder string) error {
	cmd := exec.Command("/bin/sh", "-c", stubborn)
	cmd.Stdout = output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	_, err := process.Guard(cmd.Process.Pid, []string{folder})
	return err
}

func die(how string) {
	switch how {
	case "os.Exit":
		os.Exit(3)
	case "log.Fatal":
		log.Fatal("fatal on purpose")
	case "panic":
		panic("panic on purpose")
	case "panic in a goroutine":
		go panic("panic on purpose")
	}
	select {} // until a signal comes
}
