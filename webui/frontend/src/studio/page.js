// What the editors' pages have in common: the place, the line that says whether all is saved, the findings in words.
export const place = document.querySelector('[data-studio]');
export const setting = JSON.parse(place.dataset.studio);

const state = place.querySelector('.studio-state');
const list = place.querySelector('.studio-findings');

export function told(words, kind = '') {
  state.textContent = words;
  state.dataset.kind = kind;
}

export function listFindings(findings) {
  const own = findings.filter((each) => each.path === setting.path);
  const rows = own.map((each) => {
    const item = document.createElement('li');
    const tag = document.createElement('span');
    tag.className = each.refused ? 'tag bad' : 'tag warn';
    tag.textContent = each.refused ? 'to mend' : 'to look at';
    item.append(tag, ' ', each.sentence);
    return item;
  });
  if (rows.length === 0) {
    const item = document.createElement('li');
    item.textContent = 'Nothing in this file.';
    rows.push(item);
  }
  list.replaceChildren(...rows);
}

// The file as it is stored, and an editor for it that `open` makes on a screen wide enough.
export function begin(open) {
  const wide = window.matchMedia('(min-width: 56.01rem)');
  const start = async () => {
    told('Opening…');
    try {
      const answer = await fetch(place.dataset.file, { credentials: 'same-origin' });
      await open(await answer.text());
      listFindings(setting.findings);
      told('Saved');
      place.dataset.ready = 'true';
    } catch {
      told('The file could not be opened here. Download it from the draft’s page.', 'bad');
    }
  };
  if (wide.matches) {
    start();
  } else {
    told('');
    wide.addEventListener('change', start, { once: true });
  }
}
