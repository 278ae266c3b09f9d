// Shows and hides fields as the server would: data-hide-when holds the combinations of answers under which a field
// is hidden, as the server has worked them out. What is stored is decided by the server.
function answer(form, name) {
  const controls = [...form.elements].filter((each) => each.name === name);
  const control = controls[0];
  if (!control || controls.every((each) => each.closest('.form-item[data-hidden]'))) {
    return null;
  }
  if (control.type === 'checkbox') {
    return control.checked;
  }
  if (control.type === 'radio') {
    return controls.find((each) => each.checked)?.value ?? null;
  }
  return control.value.trim() === '' ? null : control.value;
}

function hidden(form, combinations) {
  const holds = ([name, value]) => answer(form, name) === value;
  return combinations.some((all) => Object.entries(all).every(holds));
}

export default function conditions(form) {
  const update = () => {
    const items = [...form.querySelectorAll('.form-item[data-hide-when]')];
    // A field that is hidden counts as unanswered for the others: go round until nothing changes.
    for (let round = 0; round <= items.length; round += 1) {
      const changed = items.filter((item) => {
        const now = hidden(form, JSON.parse(item.dataset.hideWhen));
        const was = item.hasAttribute('data-hidden');
        item.toggleAttribute('data-hidden', now);
        item.hidden = now;
        return now !== was;
      });
      if (changed.length === 0) {
        return;
      }
    }
  };
  form.addEventListener('input', update);
  form.addEventListener('change', update);
  form.addEventListener('htmx:load', update);
  update();
}
