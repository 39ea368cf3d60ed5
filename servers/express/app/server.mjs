// The orders API (servers/orders describes it) on Express with the cors package.
// CORSPROOF_EXPRESS_CONFIG is its configuration: the options of cors by their own
// names, and how the middlewares are put together: mount, auth, errors; or a snippet in place of cors.
import { createRequire } from "node:module";
import cors from "cors";
import express from "express";

const config = JSON.parse(process.env.CORSPROOF_EXPRESS_CONFIG || "{}");
const mount = config.snippet ? "none" : (config.mount ?? "before-routes");
const methods = ["get", "put", "post", "patch", "delete"];
const corsOptionNames = [
  "origin", "methods", "allowedHeaders", "exposedHeaders", "credentials", "maxAge",
  "optionsSuccessStatus", "preflightContinue",
];

const app = express();
if (config.snippet) new Function("app", "require", config.snippet)(app, createRequire(import.meta.url));
if (config.errors === "before-cors") app.use(refuse);
if (config.auth === "before-cors") app.use(authorize);
if (mount === "before-routes") app.use(cors(corsOptions()));
if (mount === "by-hand") app.use(allowByHand);
if (config.auth === "after-cors") app.use(authorize);
addRoutes(app);
if (mount === "after-routes") app.use(cors(corsOptions()));
app.use(notFound);

const server = app.listen(Number(process.env.PORT || 0), "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

// cors fills in what is absent, so nothing may be there as undefined.
function corsOptions() {
  const options = Object.fromEntries(corsOptionNames.filter((name) => name in config).map((name) => [name, config[name]]));
  if ("origin" in config) options.origin = originOption(config.origin);
  return options;
}

// A {"regexp": "source"} stands for what JSON cannot hold.
function originOption(origin) {
  if (Array.isArray(origin)) {
    return origin.map(originOption);
  }
  return origin?.regexp === undefined ? origin : new RegExp(origin.regexp);
}

function addRoutes(app) {
  for (const method of methods) {
    app[method]("/orders/:id", order);
    app[method]("/status/:code", status);
  }
  app.post("/login", login);
  app.get("/me", me);
  app.get("/healthz", (request, response) => response.type("text").send("ok"));
}

function order(request, response) {
  response.set("X-Total", "10").json({ id: request.params.id, method: request.method });
}

function status(request, response) {
  const code = Number(request.params.code);
  if (!(code >= 200 && code <= 999)) {
    response.status(400).json({ error: "the status must be a number from 200 to 999" });
    return;
  }
  response.status(code).json({ status: code });
}

function login(request, response) {
  response.cookie("sid", "s1", { httpOnly: true, secure: true, sameSite: "none" }).json({ user: "ada" });
}

function me(request, response) {
  if (!loggedIn(request)) {
    response.status(401).json({ error: "no session" });
    return;
  }
  response.json({ user: "ada" });
}

function loggedIn(request) {
  return (request.get("Cookie") ?? "").split(/;\s*/).includes("sid=s1");
}

function notFound(request, response, next) {
  if (request.method === "OPTIONS") return next(); // Express answers with Allow
  response.status(404).json({ error: "not found" });
}

// authorize wants an Authorization header on every request, a preflight included, which never has one.
function authorize(request, response, next) {
  if (request.get("Authorization")) return next();
  response.status(401).json({ error: "no Authorization header" });
}

// refuse answers what fails, as rate limits, body parsers and session checks do, before cors has set its headers.
function refuse(request, response, next) {
  if (request.method === "OPTIONS") return next();
  const [, code] = /^\/status\/([4-9]\d\d)$/.exec(request.path) ?? [];
  if (code) return response.status(Number(code)).json({ status: Number(code) });
  if (request.path === "/me" && !loggedIn(request)) return me(request, response);
  next();
}

// allowByHand is CORS as people write it themselves.
function allowByHand(request, response, next) {
  response.set("Access-Control-Allow-Origin", config.origin).vary("Origin");
  if (config.credentials) response.set("Access-Control-Allow-Credentials", "true");
  if (config.exposedHeaders) response.set("Access-Control-Expose-Headers", config.exposedHeaders.join(","));
  if (request.method !== "OPTIONS") return next();
  if (config.methods) response.set("Access-Control-Allow-Methods", config.methods.join(","));
  if (config.allowedHeaders) response.set("Access-Control-Allow-Headers", config.allowedHeaders.join(","));
  response.sendStatus(config.optionsSuccessStatus ?? 204);
}
