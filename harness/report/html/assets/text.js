// Characters that are not what they look like: controls, formatting (bidirectional ones too), separators, half surrogate pairs.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function escaped(c) {
  const n = c.codePointAt(0);
  return n < 0x100 ? '\\x' + n.toString(16).padStart(2, '0') : '\\u{' + n.toString(16) + '}';
}

// string is a value of the report as a string: bytes that are no UTF-8 as they were, one character each.
function string(v) {
  if (v === null || v === undefined) return '';
  if (typeof v === 'object') return atob(v.base64);
  return String(v);
}

// text is a value from outside as nodes: text, and marks for what cannot be seen. lines keeps line breaks and tabs.
function text(v, lines) {
  const s = string(v), bytes = v !== null && typeof v === 'object', out = document.createDocumentFragment();
  let from = 0;
  for (const found of s.matchAll(bytes ? /[^\x20-\x7e]/g : unseen)) {
    if (lines && (found[0] === '\n' || found[0] === '\t')) continue;
    out.append(s.slice(from, found.index), el('span', 'unseen', escaped(found[0])));
    from = found.index + found[0].length;
  }
  out.append(s.slice(from));
  return out;
}

// el makes an element. Strings among its children become text.
function el(tag, name, ...children) {
  const e = document.createElement(tag);
  if (name) e.className = name;
  e.append(...children);
  return e;
}

function section(title, ...children) {
  return el('section', '', el('h3', '', title), ...children);
}

// fold is a part that opens.
function fold(title, ...children) {
  return el('details', '', el('summary', '', title), ...children);
}

function copyable(title, value) {
  const label = ('Copy ' + title).trim();
  const button = el('button', 'copy', label);
  button.type = 'button';
  button.addEventListener('click', async () => {
    button.textContent = await copied(value) ? 'Copied' : 'Select it and copy it yourself';
    setTimeout(() => { button.textContent = label; }, 1500);
  });
  return el('div', 'code', button, el('pre', '', text(value, true)));
}

async function copied(value) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    const area = el('textarea', 'away', value);
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
