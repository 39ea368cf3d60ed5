// Vite's development server in front of an API, as `vite dev` runs it.
// CORSPROOF_VITE_CONFIG is its configuration: upstream, and Vite's own server.cors, server.allowedHosts and the
// paths that server.proxy hands on; or a snippet of its server: { … } in place of cors.
import { createServer } from "vite";

const config = JSON.parse(process.env.CORSPROOF_VITE_CONFIG || "{}");
const options = { host: "127.0.0.1", port: 0, hmr: false, ws: false, watch: null };
if ("cors" in config) options.cors = config.cors;
if (config.snippet) Object.assign(options, new Function(`return {${config.snippet}}`)());
if (config.allowedHosts) options.allowedHosts = config.allowedHosts;
const upstream = { target: config.upstream, changeOrigin: true };
options.proxy = Object.fromEntries((config.proxy ?? []).map((path) => [path, upstream]));

const vite = await createServer({
  configFile: false, envFile: false, root: import.meta.dirname, logLevel: "error", server: options,
  cacheDir: `${import.meta.dirname}/node_modules/.vite`, optimizeDeps: { noDiscovery: true },
});
await vite.listen(0);
console.log(`listening on http://127.0.0.1:${vite.httpServer.address().port}`);
