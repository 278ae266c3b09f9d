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
