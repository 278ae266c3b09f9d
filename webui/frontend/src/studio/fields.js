// Labelled controls of the properties panel. `change` gets the new value when the control is left, or chosen.
let count = 0;

function labelled(title, control) {
  const field = document.createElement('div');
  const label = document.createElement('label');
  count += 1;
  control.id = `studio-field-${count}`;
  label.htmlFor = control.id;
  label.textContent = title;
  field.append(label, control);
  return field;
}

export function hint(words) {
  const small = document.createElement('small');
  small.className = 'hint';
  small.textContent = words;
  return small;
}

export function input(title, value, change, type = 'text') {
  const control = document.createElement('input');
  control.type = type;
  control.value = value;
  control.addEventListener('change', () => change(control.value.trim()));
  return labelled(title, control);
}

export function area(title, value, change) {
  const control = document.createElement('textarea');
  control.rows = 3;
  control.value = value;
  control.addEventListener('change', () => change(control.value.trim()));
  return labelled(title, control);
}

function choices(control, chosen, options) {
  const known = options.some(([value]) => value === chosen[0]);
  const all = control.multiple || known ? options : [...options, [chosen[0], chosen[0]]];
  control.append(...all.map(([value, text]) => new Option(text, value, false, chosen.includes(value))));
}

export function list(title, value, options, change) {
  const control = document.createElement('select');
  choices(control, [value], options);
  control.addEventListener('change', () => change(control.value));
  return labelled(title, control);
}

export function many(title, values, options, change) {
  const control = document.createElement('select');
  control.multiple = true;
  control.size = Math.min(5, Math.max(2, options.length));
  choices(control, values, options);
  control.addEventListener('change', () => change([...control.selectedOptions].map((each) => each.value)));
  return labelled(title, control);
}

export function check(title, on, change) {
  const control = document.createElement('input');
  control.type = 'checkbox';
  control.checked = on;
  control.addEventListener('change', () => change(control.checked));
  const label = document.createElement('label');
  label.append(control, ` ${title}`);
  return label;
}
