'use strict';
(() => {
  const $ = id => document.getElementById(id);
  const form = $('controls'), query = $('q'), found = $('found');
  const rows = [...document.querySelectorAll('tr[data-state]')];
  const sections = [...document.querySelectorAll('main > section')];
  const text = new Map(rows.map(tr => {
    const heading = tr.closest('section').querySelector('h2').textContent;
    return [tr, (heading + ' ' + tr.textContent).toLowerCase().replace(/\s+/g, ' ')];
  }));
  let speak;

  function filter() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = form.elements.show.value.split(' ').filter(Boolean);
    let n = 0;
    for (const tr of rows) {
      const states = tr.dataset.state.split(' ');
      tr.hidden = wanted.length > 0 && !states.some(s => wanted.includes(s)) || !words.every(w => text.get(tr).includes(w));
      if (!tr.hidden) n++;
    }
    for (const s of sections) s.hidden = ![...s.querySelectorAll('tr[data-state]')].some(tr => !tr.hidden);
    clearTimeout(speak);
    speak = setTimeout(() => { found.textContent = `${n} of ${rows.length} lines`; }, 150);
  }

  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('input', filter);
  form.hidden = false;
  filter();
})();
