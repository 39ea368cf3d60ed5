// Package flask runs a real Flask with Flask-CORS, on gunicorn, as an API under
// test. The application is in app/main.py; scripts/install-flask.sh installs what it needs.
package flask
