// A dialogue to choose one of several: typing narrows the list, arrows go through it, Enter takes, Escape leaves.
const MANY = 8;

export function chooseOne(title, options) {
  const dialogue = document.createElement('dialog');
  dialogue.className = 'studio-dialogue';
  dialogue.setAttribute('aria-labelledby', 'studio-dialogue-title');
  const head = document.createElement('h2');
  head.id = 'studio-dialogue-title';
  head.textContent = title;
  const list = document.createElement('ul');
  const said = document.createElement('p');
  said.className = 'soft small';
  said.setAttribute('role', 'status');
  const buttons = options.map(({ words, act }) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'secondary';
    button.textContent = words;
    button.addEventListener('click', () => {
      dialogue.close();
      act();
    });
    item.append(button);
    list.append(item);
    return button;
  });
  const shown = () => buttons.filter((each) => !each.parentElement.hidden);
  const filter = document.createElement('input');
  filter.type = 'text';
  filter.setAttribute('aria-label', 'Narrow the list');
  filter.placeholder = 'Type a part of the name';
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const each of buttons) {
      each.parentElement.hidden = !each.textContent.toLowerCase().includes(wanted);
    }
    said.textContent = shown().length === 1 ? 'One fits; Enter takes it.' : `${shown().length} fit.`;
  });
  const leave = document.createElement('button');
  leave.type = 'button';
  leave.className = 'secondary small';
  leave.textContent = 'Leave it';
  leave.addEventListener('click', () => dialogue.close());
  dialogue.addEventListener('keydown', (event) => {
    const there = shown();
    const at = there.indexOf(document.activeElement);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = at + (event.key === 'ArrowDown' ? 1 : -1);
      (there[(next + there.length) % there.length] ?? filter).focus();
    } else if (event.key === 'Enter' && document.activeElement === filter) {
      event.preventDefault();
      there[0]?.click();
    }
  });
  dialogue.addEventListener('close', () => dialogue.remove());
  dialogue.append(head, ...(options.length > MANY ? [filter, said] : []), list, leave);
  document.body.append(dialogue);
  dialogue.showModal();
  (options.length > MANY ? filter : buttons[0] ?? leave).focus();
}
