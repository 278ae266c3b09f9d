// On pages that update a part of themselves: htmx. What it is allowed to do is in the page's head (layout.html).
import htmx from 'htmx.org';

// What is not filled in does not belong in an address.
document.addEventListener('htmx:configRequest', ({ detail }) => {
  if (detail.verb === 'get') {
    for (const [name, value] of Object.entries(detail.parameters)) {
      if (value === '') {
        delete detail.parameters[name];
      }
    }
  }
});

// A refused form, or a page to sign in on, comes back as a page that says what to do: show it.
htmx.config.responseHandling = [
  { code: '204', swap: false },
  { code: '[23]..', swap: true },
  { code: '422', swap: true },
  { code: '...', swap: false, error: true }
];

// Answers are typed on while the server works out which fields they show. What was typed since it was asked is put
// into the new fields, and the server is asked again.
let sent = new Map();
let newer = [];
const held = (control) => (control.type === 'checkbox' || control.type === 'radio' ? control.checked : control.value);
const answers = (fields) => [...fields.querySelectorAll('input, select, textarea')].filter((each) => each.name);
const same = (one, other) =>
  one.name === other.name && one.type === other.type && (one.type !== 'radio' || one.value === other.value);

document.addEventListener('htmx:beforeRequest', ({ detail }) => {
  if (detail.target.id === 'fields') {
    sent = new Map(answers(detail.target).map((control) => [control, held(control)]));
  }
});

document.addEventListener('htmx:beforeSwap', ({ detail }) => {
  newer = [];
  if (detail.target.id === 'fields') {
    newer = answers(detail.target).filter((control) => sent.get(control) !== held(control));
  }
});

document.addEventListener('htmx:afterSwap', () => {
  const fields = document.getElementById('fields');
  const typed = newer;
  newer = [];
  let asked = null;
  for (const control of fields && typed.length > 0 ? answers(fields) : []) {
    const mine = typed.find((each) => same(each, control));
    if (mine && control.type !== 'file') {
      control[control.type === 'checkbox' || control.type === 'radio' ? 'checked' : 'value'] = held(mine);
      asked = control;
    }
  }
  asked?.dispatchEvent(new Event('change', { bubbles: true }));
});
