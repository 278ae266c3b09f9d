// Light or dark without loading the page again, so that nothing typed is lost.
export default function theme(form) {
  form.addEventListener('submit', async (event) => {
    const chosen = event.submitter?.value;
    if (!chosen) {
      return;
    }
    event.preventDefault();
    document.documentElement.dataset.theme = chosen;
    form.querySelector(`button:not([value="${chosen}"])`)?.focus();
    const body = new FormData(form, event.submitter);
    await fetch(form.action, { method: 'POST', body, headers: { 'X-Requested-With': 'fetch' } }).catch(() => {});
  });
}
