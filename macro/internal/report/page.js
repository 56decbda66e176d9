'use strict';
(() => {
  const $ = id => document.getElementById(id);
  const form = $('controls'), query = $('q'), found = $('found'), svg = $('lines');
  const calls = [...document.querySelectorAll('.calls > li')];
  const cards = new Map([...document.querySelectorAll('.functions > li')].map(li => [li.dataset.fn, li]));
  const findings = [...document.querySelectorAll('.all li')];
  const told = new Map(findings.map(li => [li, li.textContent.toLowerCase().replace(/\s+/g, ' ')]));
  const sections = [...document.querySelectorAll('main > section')];
  const aside = document.querySelector('aside'), board = document.querySelector('.board'), header = document.querySelector('header');
  const text = new Map(calls.map(li => [li, (li.closest('section').querySelector('h2').textContent + ' ' + li.textContent)
    .toLowerCase().replace(/\s+/g, ' ')]));
  let only = '', lit = '', waiting = false, speak;

  const show = () => form.elements.show.value;
  const fits = (li, words) => (!only || li.dataset.fn === only) &&
    (!show() || (show() === 'wide' ? 'wide' in li.dataset : li.dataset.state === show())) &&
    words.every(w => text.get(li).includes(w));

  function filter() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const used = new Set();
    let n = 0;
    for (const li of calls) {
      li.hidden = !fits(li, words);
      if (!li.hidden) { n++; used.add(li.dataset.fn); }
    }
    for (const s of sections) s.hidden = ![...s.querySelectorAll('.calls > li')].some(li => !li.hidden);
    for (const [fn, card] of cards) card.hidden = !used.has(fn) && fn !== only;
    $('none').hidden = n > 0 || calls.length === 0;
    let m = 0;
    for (const li of findings) {
      li.hidden = !words.every(w => told.get(li).includes(w));
      if (!li.hidden) m++;
    }
    if (findings.length) {
      document.querySelector('.all').hidden = m === 0;
      document.querySelector('#all small').textContent = m === findings.length ? m : `${m} of ${findings.length}`;
    }
    const name = only && cards.get(only).querySelector('.name').textContent;
    clearTimeout(speak);
    speak = setTimeout(() => {
      found.textContent = `${n} of ${calls.length} ${calls.length === 1 ? 'call' : 'calls'}` + (name ? `, of ${name}` : '');
    }, 150);
    draw();
  }

  // The lines are drawn for what can be seen, and again whenever that changes.
  function draw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; paint(); });
  }

  function paint() {
    document.documentElement.style.setProperty('--top', header.offsetHeight + 'px');
    if (!aside || getComputedStyle(svg).display === 'none') { svg.replaceChildren(); return; }
    const top = header.getBoundingClientRect().bottom, paths = [];
    const seen = calls.filter(li => !li.hidden).map(li => [li, li.getBoundingClientRect()])
      .filter(([, row]) => row.bottom > top && row.top < innerHeight);
    follow(seen);
    const origin = board.getBoundingClientRect(), box = aside.getBoundingClientRect();
    for (const [li, row] of seen) {
      const card = cards.get(li.dataset.fn).getBoundingClientRect();
      const y1 = row.top + Math.min(row.height / 2, 16) - origin.top;
      const y2 = Math.min(Math.max(card.top + 16, box.top), box.bottom) - origin.top;
      const x1 = row.right - origin.left, x2 = card.left - origin.left, mid = (x1 + x2) / 2;
      const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      path.setAttribute('d', `M${x1} ${y1} C${mid} ${y1} ${mid} ${y2} ${x2} ${y2}`);
      path.setAttribute('class', li.dataset.state + ('wide' in li.dataset ? ' wide' : '') +
        (lit === li.id || lit === 'f' + li.dataset.fn ? ' lit' : ''));
      paths.push(path);
    }
    svg.replaceChildren(...paths);
  }

  // The list of functions has its own scroll bar; unless somebody is there, it
  // follows the calls that can be seen.
  function follow(seen) {
    if (!seen.length || aside.matches(':hover, :focus-within')) return;
    const middle = cards.get(seen[seen.length >> 1][0].dataset.fn);
    aside.scrollTop = middle.offsetTop - aside.clientHeight / 2;
  }

  function light(event) {
    const li = event.target.closest && event.target.closest('.calls > li, .functions > li');
    const id = li ? li.id : '';
    if (id !== lit) { lit = id; draw(); }
  }

  for (const [fn, card] of cards) {
    card.querySelector('button').addEventListener('click', () => {
      only = only === fn ? '' : fn;
      for (const [other, c] of cards) c.querySelector('button').setAttribute('aria-pressed', String(other === only));
      filter();
    });
  }
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('input', filter);
  for (const type of ['mouseover', 'focusin']) board.addEventListener(type, light);
  document.addEventListener('toggle', draw, true);
  addEventListener('scroll', draw, { capture: true, passive: true });
  addEventListener('resize', draw);
  form.hidden = false;
  filter();
})();
