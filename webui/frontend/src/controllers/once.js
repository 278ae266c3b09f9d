// A form that is on its way is not sent again by a second click. (The server would take it once anyway.)
export default function once(form) {
  let sent = false;
  form.addEventListener('submit', (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    form.setAttribute('aria-busy', 'true');
  });
  // Back from the next page, the form may be sent again.
  window.addEventListener('pageshow', () => {
    sent = false;
    form.removeAttribute('aria-busy');
  });
}
