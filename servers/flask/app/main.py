"""The orders API (servers/orders describes it) on Flask with Flask-CORS.

CORSPROOF_FLASK_CONFIG is its configuration: the options of Flask-CORS by their own
names, and mount, auth and crash; or a snippet in place of the extension.
"""

import json
import os

from flask import Flask, Response, request
from flask_cors import CORS

config = json.loads(os.environ.get("CORSPROOF_FLASK_CONFIG") or "{}")
CORS_OPTIONS = (
    "origins", "methods", "allow_headers", "expose_headers", "supports_credentials", "max_age",
    "send_wildcard", "vary_header", "always_send", "allow_private_network", "resources",
)  # fmt: skip
METHODS = ["GET", "PUT", "POST", "PATCH", "DELETE"]

app = Flask(__name__, static_folder=None)
if "snippet" in config:
    exec(config["snippet"], globals())
elif config.get("mount") != "none":
    CORS(app, **{name: config[name] for name in CORS_OPTIONS if name in config})


def answer(body, status=200, **headers):
    text = json.dumps(body, separators=(",", ":"))
    return Response(text, status, headers, content_type="application/json; charset=utf-8")


@app.before_request
def authorize():
    """Wants an Authorization header on every request, a preflight included, which never has one."""
    if config.get("auth") and "Authorization" not in request.headers:
        return answer({"error": "no Authorization header"}, 401)


@app.route("/orders/<id>", methods=METHODS)
def order(id):
    return answer({"id": id, "method": request.method}, **{"X-Total": "10"})


@app.route("/status/<code>", methods=METHODS)
def status(code):
    if not (code.isascii() and code.isdigit() and 200 <= int(code) <= 999):
        return answer({"error": "the status must be a number from 200 to 999"}, 400)
    number = int(code)
    if config.get("crash") and number >= 500:
        raise RuntimeError(f"status {number}")
    if number in (204, 304):
        return Response(status=number)
    return answer({"status": number}, number)


@app.post("/login")
def login():
    response = answer({"user": "ada"})
    response.set_cookie("sid", "s1", httponly=True, secure=True, samesite="None")
    return response


@app.get("/me")
def me():
    if request.cookies.get("sid") != "s1":
        return answer({"error": "no session"}, 401)
    return answer({"user": "ada"})


@app.get("/healthz")
def health():
    return Response("ok", content_type="text/plain; charset=utf-8")


@app.errorhandler(404)
def not_found(error):
    return answer({"error": "not found"}, 404)
