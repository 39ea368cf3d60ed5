// scalar is a double-quoted YAML scalar, or a plain one where that is no other type.
function scalar(v) {
  if (v !== null && typeof v === 'object') return '{base64: ' + v.base64 + '}';
  if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(v) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(v)) return v;
  return JSON.stringify(v).replace(/[^\x20-\x7e]/gu, c => {
    const n = c.codePointAt(0).toString(16);
    return n.length > 4 ? '\\U' + n.padStart(8, '0') : '\\u' + n.padStart(4, '0');
  });
}

// pairs is a map; a name that stands there twice has a list of values.
function pairs(list) {
  const names = new Map();
  for (const [name, v] of list) names.set(string(name), [...names.get(string(name)) || [], scalar(v)]);
  return '{' + [...names].map(([name, v]) => scalar(name) + ': ' + (v.length > 1 ? '[' + v.join(', ') + ']' : v[0])).join(', ') + '}';
}

// yaml is a case of a suite that asks the same.
function yaml(r) {
  const out = ['- name: ' + scalar(r.case), '  from: ' + (r.from === 'null' ? 'null' : scalar(r.from))];
  if (r.cookies) out.push('  cookies:');
  for (const c of r.cookies || []) {
    const parts = ['api: api', 'name: ' + scalar(c.name), 'value: ' + scalar(c.value)];
    for (const k of ['domain', 'path', 'sameSite']) if (c[k]) parts.push(k + ': ' + scalar(c[k]));
    for (const k of ['secure', 'httpOnly', 'partitioned']) if (c[k]) parts.push(k + ': true');
    out.push('    - {' + parts.join(', ') + '}  # the API at ' + scalar(c.url));
  }
  out.push('  request:', ...members(r.request).map(m => '    ' + m), '  expect:', '    outcome: ' + wanted(r));
  return out.join('\n') + '\n';
}

function members(q) {
  const out = [];
  for (const k of ['client', 'method', 'url', 'mode', 'credentials', 'redirect', 'cache', 'referrer', 'referrerPolicy', 'integrity', 'user', 'password'])
    if (q[k] && !(k === 'client' && q[k] === 'fetch')) out.push(k + ': ' + scalar(q[k]));
  for (const k of ['keepalive', 'uploadListener', 'async']) if (k in q) out.push(k + ': ' + q[k]);
  if (q.timeout_ms) out.push('timeout: ' + q.timeout_ms + 'ms');
  if (q.headers) out.push('headers: ' + pairs(q.headers));
  if (q.body) out.push('body: ' + bodyOf(q.body));
  return out;
}

function bodyOf(b) {
  if (b.kind === 'form' || b.kind === 'multipart') return '{' + b.kind + ': ' + pairs(b.fields || []) + '}';
  if (b.kind === 'bytes' && typeof b.text === 'string') return '{base64: ' + btoa(String.fromCharCode(...new TextEncoder().encode(b.text))) + '}';
  return scalar(b.text || '');
}

// wanted is the outcome that the case expects, or the one it had.
function wanted(r) {
  const check = r.checks.find(k => k.name === 'outcome');
  return scalar(check ? check.want : r.outcome || 'readable');
}
