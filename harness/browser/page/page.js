// The prober: it lives in a page of the origin under test, sends what it is told to send and
// reports what script could see, as a JSON text with one result or more. It changes nothing on its own:
// no header is added, no mode is set that the request does not name.
'use strict';
(() => {
  const TEXT_LIMIT = 64 * 1024; // bytes of a body that travel as text
  const STREAM_ABOVE = 64 * 1024; // bodies of more bytes on the wire, or of unknown size, are read in pieces: compressed ones can be a thousand times as large
  const KEPT = 4 * 1024 * 1024; // bytes that are kept for the browser's own SHA-256
  const TOGETHER = 8; // results in one message to Go, at most
  const HELD = 10; // milliseconds for which a result may wait for others
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  // Script's view of an exception, whatever was thrown.
  const thrown = (e) => ({ name: String(e?.name ?? typeof e), message: String(e?.message ?? e) });
  const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

  // The body as script would build it; undefined means none.
  function bodyOf(b) {
    if (!b) return undefined;
    const fill = (target) => { for (const [k, v] of b.fields ?? []) target.append(k, v); return target; };
    switch (b.kind) {
      case 'bytes': return bytesOf(b.data);
      case 'form': return fill(new URLSearchParams());
      case 'multipart': return fill(new FormData());
      case 'blob': return new Blob([bytesOf(b.data)], { type: b.type });
      default: return b.data ?? '';
    }
  }

  // SHA-256 in script, for large bodies and insecure contexts: crypto.subtle exists in secure ones only, and cannot digest piece by piece.
  const K = new Uint32Array(64);
  const H0 = new Uint32Array(8);
  (() => {
    const frac = (x) => ((x - Math.floor(x)) * 0x100000000) | 0;
    let n = 0;
    for (let c = 2; n < 64; c++) {
      let prime = true;
      for (let i = 2; i * i <= c; i++) if (c % i === 0) { prime = false; break; }
      if (!prime) continue;
      if (n < 8) H0[n] = frac(Math.sqrt(c));
      K[n++] = frac(Math.cbrt(c));
    }
  })();
  class SHA256 {
    constructor() { this.h = H0.slice(); this.w = new Uint32Array(64); this.buf = new Uint8Array(64); this.used = 0; this.size = 0; }
    update(bytes) {
      this.size += bytes.length;
      let at = 0;
      if (this.used) {
        at = Math.min(64 - this.used, bytes.length);
        this.buf.set(bytes.subarray(0, at), this.used);
        this.used += at;
        if (this.used < 64) return;
        this.block(this.buf, 0);
      }
      for (; at + 64 <= bytes.length; at += 64) this.block(bytes, at);
      this.buf.set(bytes.subarray(at));
      this.used = bytes.length - at;
    }
    block(b, at) {
      const w = this.w, h = this.h;
      for (let i = 0; i < 16; i++, at += 4) w[i] = (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3];
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
      }
      let [a, c, d, e, f, g, k, l] = h;
      for (let i = 0; i < 64; i++) {
        const t1 = (l + ((f >>> 6 | f << 26) ^ (f >>> 11 | f << 21) ^ (f >>> 25 | f << 7)) + ((f & g) ^ (~f & k)) + K[i] + w[i]) | 0;
        const t2 = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & c) ^ (a & d) ^ (c & d))) | 0;
        l = k; k = g; g = f; f = (e + t1) | 0; e = d; d = c; c = a; a = (t1 + t2) | 0;
      }
      h[0] += a; h[1] += c; h[2] += d; h[3] += e; h[4] += f; h[5] += g; h[6] += k; h[7] += l;
    }
    hex() {
      const size = this.size;
      const pad = new Uint8Array(((this.used < 56 ? 56 : 120) - this.used) + 8);
      pad[0] = 0x80;
      const view = new DataView(pad.buffer);
      view.setUint32(pad.length - 8, Math.floor(size / 0x20000000));
      view.setUint32(pad.length - 4, (size << 3) >>> 0);
      this.update(pad);
      return [...this.h].map((x) => x.toString(16).padStart(8, '0')).join('');
    }
  }

  const hexOf = (buffer) => [...new Uint8Array(buffer)].map((x) => x.toString(16).padStart(2, '0')).join('');

  // SHA-256 of pieces: the browser's own, ten times as fast, while they are few enough to keep.
  class Digest {
    constructor() { this.pieces = globalThis.crypto?.subtle ? [] : null; this.kept = 0; this.own = new SHA256(); }
    update(bytes) {
      if (!this.pieces) return this.own.update(bytes);
      this.pieces.push(bytes);
      this.kept += bytes.length;
      if (this.kept <= KEPT) return;
      for (const piece of this.pieces) this.own.update(piece);
      this.pieces = null;
    }
    async hex() {
      if (!this.pieces) return this.own.hex();
      const all = new Uint8Array(this.kept);
      let at = 0;
      for (const piece of this.pieces) { all.set(piece, at); at += piece.length; }
      return hexOf(await crypto.subtle.digest('SHA-256', all));
    }
  }

  // The first bytes of a body as text, cut before a character that the limit splits; null when they are no UTF-8.
  function textOf(bytes, whole) {
    const own = whole ? decoder : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }); // a stream leaves state
    try { return own.decode(bytes, { stream: !whole }); } catch { return null; }
  }

  // digest is of the whole body; null where reading stopped.
  async function bodyResult(head, size, digest) {
    const cut = !digest;
    const text = textOf(head.subarray(0, TEXT_LIMIT), !cut && size <= TEXT_LIMIT);
    const result = { size, whole: !cut && size <= TEXT_LIMIT && text !== null, cut };
    if (text !== null) result.text = text;
    if (!result.whole && !cut) result.sha256 = await digest.hex();
    return result;
  }

  function wholeBody(bytes, limit) {
    if (bytes.length > limit) return bodyResult(bytes, bytes.length, null);
    const digest = new Digest();
    digest.update(bytes);
    return bodyResult(bytes, bytes.length, digest);
  }

  // Reads a stream piece by piece, so that a body of any size needs little memory; stops at the limit.
  async function streamBody(stream, limit) {
    const reader = stream.getReader();
    const digest = new Digest();
    const head = new Uint8Array(TEXT_LIMIT);
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return bodyResult(head.subarray(0, size), size, digest);
      if (size < TEXT_LIMIT) head.set(value.subarray(0, TEXT_LIMIT - size), size);
      size += value.length;
      if (size > limit) {
        await reader.cancel();
        return bodyResult(head.subarray(0, size), size, null);
      }
      digest.update(value);
    }
  }

  const aborts = new Map(); // how to abort what is under way, by id; synchronous XHR cannot be aborted

  async function fetchProbe(r, out) {
    const controller = new AbortController();
    let why;
    const stop = (reason) => { why ??= reason; controller.abort(); };
    const timer = setTimeout(() => stop('timedOut'), r.timeout);
    aborts.set(r.id, () => stop('aborted'));
    try {
      out.phase = 'construct';
      const init = { ...r.init, signal: controller.signal };
      const body = bodyOf(r.body);
      if (body !== undefined) init.body = body;
      if (r.headers) init.headers = r.headers;
      const request = new Request(r.url, init);
      out.phase = 'fetch';
      const response = await fetch(request);
      out.phase = 'body';
      out.response = {
        type: response.type, status: response.status, statusText: response.statusText,
        url: response.url, redirected: response.redirected, headers: [...response.headers],
      };
      const length = Number(response.headers.get('content-length') ?? NaN);
      out.response.body = length <= STREAM_ABOVE || !response.body // in this order: asking for the stream makes one
        ? await wholeBody(new Uint8Array(await response.arrayBuffer()), r.bodyLimit)
        : await streamBody(response.body, r.bodyLimit);
      out.phase = 'done';
    } catch (e) {
      if (out.response) out.bodyError = thrown(e); else out.error = thrown(e);
      if (why) out[why] = true;
    } finally {
      clearTimeout(timer);
    }
  }

  // getAllResponseHeaders() joins lines by CRLF, names in lower case, values combined, sorted.
  const parseHeaders = (text) => text.split('\r\n').filter(Boolean).map((line) => {
    const at = line.indexOf(': ');
    return at < 0 ? [line.replace(/:$/, ''), ''] : [line.slice(0, at), line.slice(at + 2)];
  });

  const xhrResponse = (xhr) => ({
    status: xhr.status, statusText: xhr.statusText, url: xhr.responseURL, headers: parseHeaders(xhr.getAllResponseHeaders() ?? ''),
  });

  function openXHR(r, out) {
    const xhr = new XMLHttpRequest();
    out.phase = 'construct';
    out.events = [];
    const happened = (name) => { if (out.events.at(-1) !== name) out.events.push(name); }; // progress may repeat without end
    const note = (target, prefix) => {
      for (const name of ['loadstart', 'progress', 'load', 'error', 'abort', 'timeout', 'loadend']) target.addEventListener(name, () => happened(prefix + name));
    };
    xhr.onreadystatechange = () => happened('readystatechange ' + xhr.readyState);
    note(xhr, '');
    if (r.uploadListener) note(xhr.upload, 'upload.');
    const method = r.init.method ?? 'GET';
    if (r.user !== undefined || r.password !== undefined) xhr.open(method, r.url, !r.sync, r.user ?? null, r.password ?? null);
    else xhr.open(method, r.url, !r.sync);
    if (r.init.credentials === 'include') xhr.withCredentials = true;
    for (const [k, v] of r.headers ?? []) xhr.setRequestHeader(k, v);
    return xhr;
  }

  // The bytes behind a synchronous response's text, or null: a byte order mark overrides every charset, and is cut off.
  // UTF-8 can be told by its size, unless UTF-16 has the same; which of the two UTF-16 it was cannot be told at all.
  function bytesBehind(text, size) {
    if (text.length === size) return Uint8Array.from(text, (c) => c.charCodeAt(0) & 0xff);
    const bytes = new TextEncoder().encode('\ufeff' + text);
    return bytes.length === size && size !== 2 + 2 * text.length && !text.includes('\ufffd') ? bytes : null;
  }

  async function syncXHR(r, out) {
    try {
      const xhr = openXHR(r, out);
      let size = 0;
      xhr.addEventListener('load', (e) => { size = e.loaded; });
      xhr.overrideMimeType('text/plain; charset=x-user-defined'); // keeps every byte; synchronous XHR has no arraybuffer
      const body = bodyOf(r.body);
      out.phase = 'fetch';
      xhr.send(body);
      out.response = xhrResponse(xhr);
      const bytes = bytesBehind(xhr.responseText, size);
      out.response.body = bytes ? await wholeBody(bytes, r.bodyLimit) : { size, whole: false, cut: size > r.bodyLimit };
      out.phase = 'done';
    } catch (e) {
      out.error = thrown(e);
    }
  }

  async function asyncXHR(r, out) {
    try {
      const xhr = openXHR(r, out);
      xhr.responseType = 'arraybuffer';
      xhr.timeout = r.timeout;
      const body = bodyOf(r.body);
      let cut = null;
      let end;
      const ended = new Promise((resolve) => { end = xhr.onloadend = resolve; });
      xhr.addEventListener('progress', (e) => {
        if (e.loaded > r.bodyLimit && !cut) { cut = xhrResponse(xhr); cut.body = { size: e.loaded, whole: false, cut: true }; xhr.abort(); end(); } // an abort that comes with the last byte has no loadend
      });
      let aborted = false;
      aborts.set(r.id, () => { aborted = true; xhr.abort(); end(); });
      out.phase = 'fetch';
      xhr.send(body);
      await ended;
      if (cut) out.response = cut;
      else if (out.events.includes('load')) { out.response = xhrResponse(xhr); out.response.body = await wholeBody(new Uint8Array(xhr.response ?? new ArrayBuffer()), r.bodyLimit); }
      else out.error = { name: 'ProgressEvent', message: out.events.includes('timeout') ? 'timeout' : aborted || out.events.includes('abort') ? 'abort' : 'error' };
      if (aborted && out.error) out.aborted = true;
      if (out.events.includes('timeout')) out.timedOut = true;
      out.phase = 'done';
    } catch (e) {
      out.error = thrown(e);
    }
  }

  async function runOne(r) {
    const out = { id: r.id, phase: 'start' };
    const started = performance.now();
    if (r.client !== 'xhr') await fetchProbe(r, out);
    else if (r.sync) await syncXHR(r, out);
    else await asyncXHR(r, out);
    aborts.delete(r.id);
    out.ms = performance.now() - started;
    return out;
  }

  const report = globalThis.corsproofReport;
  const results = [];
  let held = 0;
  function flush() {
    clearTimeout(held);
    held = 0;
    report(JSON.stringify(results.splice(0)));
  }

  // While the page has more to do, results travel together: a message costs more than what it carries.
  function send(out) {
    results.push(out);
    if (!waiting.length || results.length >= TOGETHER) flush();
    else held ||= setTimeout(flush, HELD);
  }

  // Requests beyond the limit wait here, in order, so that the page is never idle between two messages from Go.
  const waiting = [];
  let running = 0;
  async function pump(limit) {
    if (running >= limit) return;
    running++;
    while (waiting.length) {
      const r = waiting.shift();
      send(await runOne(r));
    }
    running--;
  }

  globalThis.corsproof = (requests, limit) => {
    waiting.push(...requests);
    for (let i = Math.min(limit - running, requests.length); i > 0; i--) pump(limit);
  };

  // Ends requests by their ids: what is under way is aborted, what waits is never sent. Each reports as ever.
  globalThis.corsproof.abort = (ids) => {
    const ended = new Set(ids);
    const dropped = [];
    for (let i = waiting.length - 1; i >= 0; i--) if (ended.has(waiting[i].id)) dropped.unshift(...waiting.splice(i, 1));
    for (const r of dropped) send({ id: r.id, phase: 'start', aborted: true, ms: 0 });
    for (const id of ended) aborts.get(id)?.();
  };
})();
