"""The orders API (servers/orders describes it) on FastAPI with Starlette's CORSMiddleware.

CORSPROOF_FASTAPI_CONFIG is its configuration: the options of CORSMiddleware by their own
names, and how the middlewares are put together: mount, auth; and crash; or a snippet in
place of the middleware.
"""

import json
import os

from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, PlainTextResponse

config = json.loads(os.environ.get("CORSPROOF_FASTAPI_CONFIG") or "{}")
CORS_OPTIONS = (
    "allow_origins", "allow_origin_regex", "allow_methods", "allow_headers",
    "expose_headers", "allow_credentials", "allow_private_network", "max_age",
)  # fmt: skip
METHODS = ["GET", "PUT", "POST", "PATCH", "DELETE"]

app = FastAPI(openapi_url=None)


class JSON(JSONResponse):
    media_type = "application/json; charset=utf-8"


async def authorize(request: Request, call_next):
    """Wants an Authorization header on every request, a preflight included, which never has one."""
    if "authorization" not in request.headers:
        return JSON({"error": "no Authorization header"}, 401)
    return await call_next(request)


# The middleware that is added last is the outermost.
if config.get("auth") == "inside-cors":
    app.middleware("http")(authorize)
if config.get("mount") != "none" and "snippet" not in config:
    app.add_middleware(CORSMiddleware, **{name: config[name] for name in CORS_OPTIONS if name in config})
if config.get("auth") == "outside-cors":
    app.middleware("http")(authorize)


@app.api_route("/orders/{id}", methods=METHODS)
async def order(id: str, request: Request):
    return JSON({"id": id, "method": request.method}, headers={"X-Total": "10"})


@app.api_route("/status/{code}", methods=METHODS)
async def status(code: str):
    if not (code.isascii() and code.isdigit() and 200 <= int(code) <= 999):
        return JSON({"error": "the status must be a number from 200 to 999"}, 400)
    number = int(code)
    if config.get("crash") and number >= 500:
        raise RuntimeError(f"status {number}")
    if number in (204, 304):
        return Response(status_code=number)
    return JSON({"status": number}, number)


@app.post("/login")
async def login():
    response = JSON({"user": "ada"})
    response.set_cookie("sid", "s1", httponly=True, secure=True, samesite="None")
    return response


@app.get("/me")
async def me(request: Request):
    if request.cookies.get("sid") != "s1":
        return JSON({"error": "no session"}, 401)
    return JSON({"user": "ada"})


@app.get("/healthz")
async def health():
    return PlainTextResponse("ok")


@app.exception_handler(404)
async def not_found(request: Request, exception: Exception):
    return JSON({"error": "not found"}, 404)


if "snippet" in config:
    exec(config["snippet"], globals())
