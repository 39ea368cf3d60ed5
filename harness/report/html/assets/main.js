function head() {
  const h = unpack(document.querySelector('script.head')), end = document.querySelector('script.end');
  document.getElementById('suite').append(text(h.suite || 'corsproof'));
  const b = h.browser, parts = [b.name + ' ' + b.version + (b.flavour ? ' (' + b.flavour + ')' : '')];
  if (b.thirdPartyCookies) parts.push('third-party cookies: ' + b.thirdPartyCookies);
  if (b.flags) parts.push(b.flags.join(' '));
  parts.push(h.started.replace('T', ' ').replace('Z', ' UTC'));
  parts.push(end ? (unpack(end).duration_ms / 1000).toFixed(1) + ' s' : 'the run did not end');
  document.getElementById('about').append(text(parts.join(' · ')));
}

function keys(event) {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === '/' && !typing) {
    document.getElementById('search').focus();
    event.preventDefault();
  } else if (event.key === 'Escape') {
    document.getElementById('list').focus();
  }
}

document.addEventListener('DOMContentLoaded', () => {
  head();
  document.querySelectorAll('script.rows').forEach((element, chunk) => {
    unpack(element).forEach((row, index) => list.rows.push(Object.assign(row, { chunk, index })));
  });
  filters();
  const box = document.getElementById('list');
  box.addEventListener('scroll', draw);
  box.addEventListener('keydown', listKey);
  window.addEventListener('resize', draw);
  document.addEventListener('keydown', keys);
  refilter();
  // a person wants to see first what went wrong
  const wrong = list.rows.findIndex(r => r.verdict !== 'pass');
  if (wrong > 0) choose(wrong);
  box.focus({ focusVisible: false });
});
