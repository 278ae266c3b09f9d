// A flow's condition: built by choosing what was answered where, or written as FEEL.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { area, list } from './fields.js';

const COMPARISONS = [['=', 'is'], ['!=', 'is not'], ['>', 'is more than'], ['<', 'is less than']];

function answers(modeler, setting) {
  const found = [];
  for (const each of modeler.get('elementRegistry').filter((one) => one.type !== 'label')) {
    const form = is(each, 'bpmn:FlowNode') && each.businessObject.get('parley:form');
    for (const field of (form && setting.forms[form]) || []) {
      const name = each.businessObject.name || each.id;
      found.push({ ...field, path: `${each.id}.${field.key}`, title: `${name}: ${field.key}` });
    }
  }
  return found;
}

function quoted(field, value) {
  return field.kind === 'number' || field.kind === 'checkbox' ? value : JSON.stringify(value);
}

// What the server says of the expression while it is typed: the same reader that will run it.
function checked(control, address) {
  const said = document.createElement('p');
  said.className = 'studio-mistake';
  said.setAttribute('role', 'status');
  let timer = 0;
  let asked = 0;
  const ask = async () => {
    const number = (asked += 1);
    try {
      const answer = await fetch(`${address}?${new URLSearchParams({ text: control.value })}`, { credentials: 'same-origin' });
      const { mistake } = await answer.json();
      if (number === asked) {
        said.textContent = mistake ?? '';
        control.setAttribute('aria-invalid', mistake ? 'true' : 'false');
      }
    } catch {
      // Saving says when the server cannot be reached.
    }
  };
  control.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 300);
  });
  return said;
}

export function conditionFields(modeler, element, setting) {
  const modeling = modeler.get('modeling');
  const set = (body) => {
    const made = body && modeler.get('bpmnFactory').create('bpmn:FormalExpression', { body });
    modeling.updateProperties(element, { conditionExpression: made || undefined });
  };
  const written = element.businessObject.conditionExpression?.body ?? '';
  const fields = answers(modeler, setting);
  const typed = area('Taken when (FEEL)', written, set);
  const parts = [typed, checked(typed.querySelector('textarea'), setting.feel)];
  if (fields.length === 0) {
    return parts;
  }
  const box = document.createElement('fieldset');
  const legend = document.createElement('legend');
  legend.textContent = 'Build the condition';
  const value = document.createElement('span');
  let chosen = fields[0];
  const offer = () => {
    const options = chosen.kind === 'checkbox' ? [['true', 'yes'], ['false', 'no']] : chosen.options.map((each) => [each.value, each.label]);
    const control = document.createElement(options.length ? 'select' : 'input');
    control.setAttribute('aria-label', 'Value');
    if (options.length) {
      control.append(...options.map(([key, text]) => new Option(text, key)));
    }
    value.replaceChildren(control);
  };
  const which = list('Answer', chosen.path, fields.map(({ path, title }) => [path, title]), (path) => {
    chosen = fields.find((each) => each.path === path);
    offer();
  });
  const how = list('Comparison', '=', COMPARISONS, () => {});
  const use = document.createElement('button');
  use.type = 'button';
  use.className = 'secondary small';
  use.textContent = 'Use this condition';
  use.addEventListener('click', () => {
    const given = value.firstElementChild.value.trim();
    if (given) {
      set(`${chosen.path} ${how.querySelector('select').value} ${quoted(chosen, given)}`);
    }
  });
  offer();
  box.append(legend, which, how, value, use);
  return [box, ...parts];
}
