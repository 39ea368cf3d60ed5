// Headers that matter to CORS; the others are shown on demand.
const cors = /^(origin|cookie|set-cookie|vary|location|allow|authorization|content-type|www-authenticate|:status|access-control-.*|cross-origin-.*|timing-allow-origin|sec-fetch-.*)$/i;

// diagram shows who said what to whom: page, browser and API, from top to bottom.
function diagram(r) {
  const out = el('ol', 'diagram');
  out.append(el('li', 'parties', party('Page', r.from), party('Browser', r.request.client), party('API', hostOf(r.request.url))));
  out.append(message('page ask', [method(r.request.method), ' ', text(r.request.url)], options(r.request)));
  r.exchanges.forEach((x, i) => exchange(out, r, x, i));
  out.append(message('page tell ' + r.outcome, [el('b', '', r.outcome), ' ', text(verdictOf(r))], r.blocked ? [el('p', '', text(r.blocked.message))] : []));
  return out;
}

function party(name, where) {
  return el('div', 'party', el('b', '', name), el('small', '', text(where)));
}

function method(m) { return el('b', '', text(m)); }

function hostOf(url) {
  return (/^[a-z]+:\/\/([^/?#]*)/i.exec(string(url)) || ['', ''])[1];
}

function options(q) {
  const said = ['mode', 'credentials', 'redirect', 'cache'].filter(k => q[k]).map(k => k + ': ' + q[k]);
  return said.length ? [el('p', 'quiet', said.join(', '))] : [];
}

// message is one arrow between two of the three; kind says between whom and in which direction.
function message(kind, title, below) {
  return el('li', kind, el('div', 'label', ...title), el('div', 'arrow'), el('div', 'more', ...below));
}

function exchange(out, r, x, i) {
  const decides = r.deciding && r.deciding.exchange === i ? r.deciding : null;
  const sent = x.request.provisional && !x.response ? ' unsent' : '';
  const note = sent ? el('span', 'tag', 'not sent') : el('span', 'tag', x.role);
  out.append(message('api ask' + sent, [note, ' ', method(x.request.method), ' ', text(x.request.url)], [headers(x.request.headers), used(x.cookies)]));
  if (x.response) {
    const title = [status(x, decides), x.from_cache ? el('span', 'tag', 'from the cache') : ''];
    out.append(message('api tell', title, [headers(x.response.headers, decides), refused(x.cookies)]));
  } else if (!sent) {
    out.append(message('api tell none', [el('b', '', 'no answer'), ' ', text(x.error)], []));
  }
}

function status(x, decides) {
  const title = el('b', '', String(x.response.status), ' ', text(x.response.status_text));
  return decides && decides.header === ':status' ? el('mark', '', title) : title;
}

// headers are lines that matter, the deciding one marked, and the others folded.
function headers(list, decides) {
  const out = el('div', 'headers');
  const others = el('div', 'headers');
  for (const [name, v] of list) {
    const decisive = decides && string(name).toLowerCase() === decides.header;
    const line = el(decisive ? 'mark' : 'div', 'line', el('span', 'name', text(name)), ': ', text(v));
    (decisive || cors.test(string(name)) ? out : others).append(line);
  }
  if (decides && decides.absent) out.append(el('mark', 'line absent', el('span', 'name', decides.header), ' is missing'));
  if (others.children.length) out.append(fold(others.children.length + (others.children.length > 1 ? ' other headers' : ' other header'), others));
  return out;
}

function used(c) {
  const out = el('div', 'cookies');
  if (c.sent.length) out.append(el('p', '', 'cookies sent: ', text(c.sent.map(string).join(', '))));
  for (const w of c.withheld) out.append(el('p', 'warn', 'cookie withheld: ', text(w.name), why(w)));
  return out;
}

function refused(c) {
  return el('div', 'cookies', ...(c.refused || []).map(w => el('p', 'warn', 'cookie refused: ', text(w.name), why(w))));
}

function why(use) {
  return use.reasons && use.reasons.length ? text(' (' + use.reasons.join(', ') + ')') : '';
}

// verdictOf is the browser's last word to script, in short.
function verdictOf(r) {
  if (r.blocked) return r.blocked.code;
  if (r.outcome === 'readable') return 'status ' + r.status;
  return r.net_error || (r.error ? r.error.name : r.type || '');
}
