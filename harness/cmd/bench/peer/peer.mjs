// The work of one CORS case, done as a Playwright user does it: a page of one origin sends a preflighted PUT to
// another, and what script read and the browser's Network events are collected.
//
//   node peer.mjs BROWSER MODE N AT_A_TIME
//
// MODE context: a fresh browser context and page for each case, AT_A_TIME of them at a time.
// MODE page: one page, one case after the other.
//
// Prints one line of JSON: {"mode", "n", "seconds", "rate", "events"}; rate is cases a second, the browser's start left out.
import http from 'node:http';
import { chromium } from 'playwright-core';

const [browserPath, mode, n, atATime] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5] ?? 1)];
if (!browserPath || !['context', 'page'].includes(mode) || !(n > 0) || !(atATime > 0)) {
  console.error('usage: node peer.mjs BROWSER context|page N AT_A_TIME');
  process.exit(2);
}

const serve = (answer) => new Promise((resolve) => {
  const server = http.createServer(answer).listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
});

const api = await serve((request, response) => {
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
  response.setHeader('Access-Control-Allow-Headers', 'x-a');
  response.setHeader('Access-Control-Allow-Methods', 'PUT');
  response.end('{}');
});
const pages = await serve((_, response) => {
  response.setHeader('Content-Type', 'text/html');
  response.end("<!doctype html><link rel=icon href='data:,'>");
});

const WATCHED = ['requestWillBeSent', 'requestWillBeSentExtraInfo', 'responseReceived', 'responseReceivedExtraInfo', 'loadingFailed', 'loadingFinished'];
let events = 0;

// A page of a browser context, with its Network events counted.
async function open(context) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  for (const name of WATCHED) session.on(`Network.${name}`, () => { events++; });
  await session.send('Network.enable');
  await page.goto(pages);
  return page;
}

// Runs in the page: everything that script can read.
const fetchOne = (url) => fetch(url, { method: 'PUT', headers: { 'x-a': '1' } }).then(
  async (response) => ({ type: response.type, status: response.status, headers: [...response.headers], body: await response.text() }),
  (error) => ({ error: String(error) }),
);

async function ask(page, k) {
  const seen = await page.evaluate(fetchOne, `${api}/x?k=${k}`);
  if (seen.status !== 200 || seen.body !== '{}') throw new Error(`case ${k}: ${JSON.stringify(seen)}`);
}

async function oneContextEach(browser) {
  let next = 0;
  await Promise.all(Array.from({ length: atATime }, async () => {
    while (next < n) {
      const k = next++;
      const context = await browser.newContext();
      await ask(await open(context), k);
      await context.close();
    }
  }));
}

async function onePage(browser) {
  const page = await open(await browser.newContext());
  for (let k = 0; k < n; k++) await ask(page, k);
}

const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
const started = performance.now();
await (mode === 'context' ? oneContextEach(browser) : onePage(browser));
const seconds = (performance.now() - started) / 1000;
await browser.close();
console.log(JSON.stringify({ mode, n, seconds, rate: n / seconds, events }));
process.exit(0);
