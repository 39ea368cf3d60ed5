// detail is all about one result.
function detail(r, row) {
  const out = document.createDocumentFragment();
  out.append(el('h2', '', badge(row), ' ', text(row.title)), el('p', 'line', text(row.line)));
  if (r.at) out.append(el('p', 'quiet', text(r.at)));
  if (r.problem) out.append(section('No verdict', el('p', 'bad', text(r.problem))));
  if (r.checks.length) out.append(section('Checks', checks(r.checks)));
  if (r.findings.length) out.append(section('Findings', ...r.findings.map(finding)));
  if (r.outcome) {
    out.append(section('What happened', el('p', 'quiet', text(r.why)), diagram(r)));
    out.append(section('The same request, twice', el('div', 'views', scriptView(r), curlView(r))));
    out.append(...remarks(r));
  }
  out.append(section('Again', copyable('curl', r.curl), copyable('YAML', yaml(r))));
  return out;
}

function badge(row) {
  const name = row.flaky ? 'flaky' : row.verdict;
  return el('span', 'badge ' + name, name);
}

function checks(list) {
  const body = el('tbody', '');
  for (const k of [...list].sort((a, b) => a.pass - b.pass))
    body.append(el('tr', k.pass ? 'good' : 'bad', el('td', '', k.pass ? '✓' : '✗'), el('td', '', text(k.name)),
      el('td', '', text(k.want)), el('td', '', text(k.got)), el('td', 'quiet', text(k.at))));
  const head = el('tr', '', ...['', 'check', 'want', 'got', 'at'].map(name => el('th', '', name)));
  return el('div', 'wide', el('table', 'checks', el('thead', '', head), body));
}

function finding(f) {
  const out = el('div', 'finding ' + (['error', 'warning', 'note'].includes(f.severity) ? f.severity : 'note'));
  out.append(el('p', '', el('b', '', text(f.severity + ' ' + f.rule)), ' ', text(f.summary)));
  if (f.evidence) out.append(el('ul', '', ...f.evidence.map(e => el('li', '', text(e)))));
  if (f.fix && f.fix.length) out.append(el('p', '', 'Fix'), el('ul', 'fix', ...f.fix.map(e => el('li', '', text(e, true)))));
  if (f.config) out.append(config(f.config));
  return out;
}

function config(c) {
  const head = c.sure === 'named' ? c.title : c.because ? `${c.title} (${c.sure}: ${c.because})` : c.title;
  const parts = (c.parts || []).flatMap(p => [el('p', 'quiet', text(p.place)), copyable('', p.text)]);
  return fold(el('span', '', 'Configuration for ', text(head)), el('p', '', text(c.note || '')), ...parts);
}

function view(title, ...children) {
  return el('div', 'view', el('h4', '', title), ...children);
}

function scriptView(r) {
  const out = view('Script on ' , el('p', '', el('b', '', r.outcome), r.status ? ' ' + r.status : '', r.type ? ', type ' + r.type : ''));
  out.firstChild.append(text(r.from));
  if (r.error) out.append(el('p', 'bad', text(r.error.name + ': ' + r.error.message)));
  const visible = Object.keys(r.headers);
  out.append(headerBlock(visible.map(name => [name, r.headers[name]])));
  const hidden = hiddenFrom(r, visible);
  if (hidden.length) out.append(el('p', 'quiet', 'On the wire, hidden from script: ', text(hidden.join(', '))));
  out.append(bodyBlock(r.body));
  return out;
}

// hiddenFrom are names of the last answer's headers that script could not read.
function hiddenFrom(r, visible) {
  const last = r.exchanges.filter(x => x.role === 'actual' && x.response).pop();
  if (!last) return [];
  return [...new Set(last.response.headers.map(([name]) => string(name).toLowerCase()))].filter(name => !visible.includes(name));
}

function curlView(r) {
  const p = r.replay;
  if (!p) return view('curl', el('p', 'quiet', 'The request was not sent without a browser.'));
  if (p.error) return view('curl', el('p', 'bad', text(p.error)));
  return view('curl', el('p', '', el('b', '', 'answered'), ' ' + p.status), headerBlock(p.headers), bodyBlock(p.body));
}

function headerBlock(list) {
  if (!list.length) return el('p', 'quiet', 'no headers');
  return el('div', 'headers', ...list.map(([name, v]) => el('div', 'line', el('span', 'name', text(name)), ': ', text(v))));
}

function bodyBlock(body) {
  return string(body) === '' ? el('p', 'quiet', 'no body') : el('pre', 'body', text(body, true));
}

// remarks are parts that most results do without.
function remarks(r) {
  const out = [];
  if (r.receipts) out.push(section('The API received', ...(r.receipts.length ? r.receipts.map(receipt) : [el('p', 'quiet', 'nothing')])));
  for (const [title, list] of [['The browser’s messages', r.console], ['Known deviations', r.deviations], ['Missing evidence', r.missing]])
    if (list && list.length) out.push(section(title, ...list.map(m => el('p', 'message', text(m)))));
  for (const [title, v] of [['The Standard predicts otherwise', r.disagreement], ['Sent again', r.retried]])
    if (v) out.push(section(title, el('p', '', text(v))));
  return out;
}

function receipt(c) {
  const out = fold('', headerBlock(c.headers), bodyBlock(c.body));
  out.firstChild.append(method(c.method), ' ', text(c.url));
  return out;
}
