// What the list is filtered by.
const filter = { verdict: '', outcome: '', from: '', rule: '', search: '' };

function matches(row) {
  if (filter.verdict === 'flaky' ? !row.flaky : filter.verdict && row.verdict !== filter.verdict) return false;
  if (filter.outcome && row.outcome !== filter.outcome) return false;
  if (filter.from && row.from !== filter.from) return false;
  if (filter.rule && !row.rules.includes(filter.rule)) return false;
  if (!filter.search) return true;
  row.haystack ||= [row.title, row.line, row.at, ...row.rules].join('\n').toLowerCase();
  return filter.search.toLowerCase().split(/\s+/).every(word => row.haystack.includes(word));
}

function refilter() {
  const rows = list.rows.filter(matches);
  show(rows);
  document.getElementById('count').textContent = rows.length === list.rows.length ? rows.length + ' cases' : rows.length + ' of ' + list.rows.length + ' cases';
}

// totals are buttons: each shows its verdict's cases, and again all of them.
function totals() {
  const count = name => list.rows.filter(r => name === 'flaky' ? r.flaky : !name || r.verdict === name).length;
  const box = document.getElementById('totals');
  for (const [name, word] of [['', 'all'], ['pass', 'passed'], ['fail', 'failed'], ['error', 'without a verdict'], ['flaky', 'flaky']]) {
    const n = count(name);
    if (name === 'flaky' && !n) continue;
    const button = el('button', 'total ' + (n ? name : ''), el('b', '', String(n)), ' ' + word);
    button.type = 'button';
    button.addEventListener('click', () => {
      filter.verdict = filter.verdict === name ? '' : name;
      for (const b of box.children) b.setAttribute('aria-pressed', b.dataset.verdict === filter.verdict);
      refilter();
    });
    button.dataset.verdict = name;
    button.setAttribute('aria-pressed', name === '');
    box.append(button);
  }
}

function choices(id, values) {
  const select = document.getElementById(id);
  const any = el('option', '', 'any');
  any.value = '';
  select.append(any, ...[...new Set(values)].filter(v => v).sort().map(v => {
    const o = el('option', '', text(v));
    o.value = v;
    return o;
  }));
  select.disabled = select.options.length < 2;
  select.addEventListener('change', () => { filter[id] = select.value; refilter(); });
}

function filters() {
  totals();
  choices('outcome', list.rows.map(r => r.outcome));
  choices('from', list.rows.map(r => r.from));
  choices('rule', list.rows.flatMap(r => r.rules));
  const search = document.getElementById('search');
  search.addEventListener('input', () => { filter.search = search.value.trim(); refilter(); });
  document.getElementById('filters').addEventListener('submit', event => {
    event.preventDefault();
    document.getElementById('list').focus();
  });
}
