// A menu of the navigation closes by Escape, by a click beside it, and when the keyboard goes on.
export default function menu(details) {
  const close = () => details.removeAttribute('open');
  details.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && details.open) {
      event.stopPropagation();
      event.preventDefault();
      close();
      details.querySelector('summary').focus();
    }
  });
  details.addEventListener('focusout', (event) => {
    if (event.relatedTarget && !details.contains(event.relatedTarget)) {
      close();
    }
  });
  document.addEventListener('click', (event) => {
    if (!details.contains(event.target)) {
      close();
    }
  });
}
