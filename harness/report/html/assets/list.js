// The list shows only the rows in sight, since there may be many thousands.
const height = 52; // as in style.css
const list = { rows: [], shown: [], chosen: -1, elements: new Map() };

function show(rows) {
  list.shown = rows;
  list.chosen = -1;
  const box = document.getElementById('list');
  box.scrollTop = 0;
  document.getElementById('space').style.height = rows.length * height + 'px';
  list.elements.forEach(e => e.remove());
  list.elements.clear();
  draw();
  choose(rows.length ? 0 : -1);
}

function draw() {
  const box = document.getElementById('list'), space = document.getElementById('space');
  const first = Math.max(0, Math.floor(box.scrollTop / height) - 5);
  const last = Math.min(list.shown.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + 5);
  for (const [i, e] of list.elements) {
    if (i >= first && i < last) continue;
    e.remove();
    list.elements.delete(i);
  }
  for (let i = first; i < last; i++) {
    if (list.elements.has(i)) continue;
    const e = option(list.shown[i], i);
    list.elements.set(i, e);
    space.append(e);
  }
}

function option(row, i) {
  const e = el('div', 'row', badge(row), el('div', 'what', el('div', 'title', text(row.title)), el('div', 'quiet', text(row.line))));
  e.id = 'row-' + i;
  e.setAttribute('role', 'option');
  e.setAttribute('aria-posinset', i + 1);
  e.setAttribute('aria-setsize', list.shown.length);
  e.setAttribute('aria-selected', i === list.chosen);
  e.style.top = i * height + 'px';
  e.addEventListener('click', () => choose(i));
  return e;
}

function choose(i) {
  const box = document.getElementById('list'), before = list.elements.get(list.chosen);
  if (before) before.setAttribute('aria-selected', false);
  list.chosen = i;
  const out = document.getElementById('detail');
  if (i < 0) {
    box.removeAttribute('aria-activedescendant');
    out.replaceChildren(el('p', 'quiet', list.rows.length ? 'No case is like that.' : 'There are no cases.'));
    return;
  }
  if (i * height < box.scrollTop) box.scrollTop = i * height;
  if ((i + 1) * height > box.scrollTop + box.clientHeight) box.scrollTop = (i + 1) * height - box.clientHeight;
  draw();
  box.setAttribute('aria-activedescendant', 'row-' + i);
  list.elements.get(i)?.setAttribute('aria-selected', true);
  out.replaceChildren(detail(details(list.shown[i]), list.shown[i]));
  out.scrollTop = 0;
}

// details unpacks the chunk that has a row's result; the last few stay unpacked.
const unpacked = new Map();
function details(row) {
  if (!unpacked.has(row.chunk)) {
    if (unpacked.size > 3) unpacked.delete(unpacked.keys().next().value);
    unpacked.set(row.chunk, unpack(document.querySelectorAll('script.details')[row.chunk]));
  }
  return unpacked.get(row.chunk)[row.index];
}

function listKey(event) {
  const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / height) - 1), end = list.shown.length - 1;
  const to = {
    ArrowDown: list.chosen + 1, ArrowUp: list.chosen - 1, PageDown: list.chosen + page, PageUp: list.chosen - page, Home: 0, End: end,
  }[event.key];
  if (event.key === 'Enter') document.getElementById('detail').focus();
  else if (to === undefined || end < 0) return;
  else choose(Math.min(end, Math.max(0, to)));
  event.preventDefault();
}
