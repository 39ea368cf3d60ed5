package orders

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// Handler returns the API as net/http serves it.
func Handler() http.Handler {
	mux := http.NewServeMux()
	for _, method := range []string{"GET", "PUT", "POST", "PATCH", "DELETE"} {
		mux.HandleFunc(method+" /orders/{id}", order)
		mux.HandleFunc(method+" "+Status+"{code}", status)
	}
	mux.HandleFunc("POST "+Login, login)
	mux.HandleFunc("GET "+Me, me)
	mux.HandleFunc("GET "+Health, health)
	mux.HandleFunc("GET /", notFound)
	return mux
}

func order(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Total", "10")
	answer(w, http.StatusOK, struct {
		ID     string `json:"id"`
		Method string `json:"method"`
	}{r.PathValue("id"), r.Method})
}

func status(w http.ResponseWriter, r *http.Request) {
	code, err := strconv.Atoi(r.PathValue("code"))
	switch {
	case err != nil || code < 200 || code > 999:
		fail(w, http.StatusBadRequest, "the status must be a number from 200 to 999")
	case code == http.StatusNoContent || code == http.StatusNotModified:
		w.WriteHeader(code)
	default:
		answer(w, code, map[string]int{"status": code})
	}
}

func login(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Set-Cookie", Cookie+"; Path=/; HttpOnly; Secure; SameSite=None")
	answer(w, http.StatusOK, map[string]string{"user": "ada"})
}

func me(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie("sid"); err != nil || cookie.String() != Cookie {
		fail(w, http.StatusUnauthorized, "no session")
		return
	}
	answer(w, http.StatusOK, map[string]string{"user": "ada"})
}

func health(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, "ok") // a client that left is no error of the API
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	fail(w, http.StatusNotFound, "not found")
}

func fail(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]string{"error": message})
}

func answer(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil { // strings and numbers always encode
		status, text = http.StatusInternalServerError, nil
	}
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(status)
	_, _ = w.Write(text) // a client that left is no error of the API
}
