// A controller is a function of an element; data-controller="name other" attaches each once.
import conditions from './conditions.js';
import errors from './errors.js';
import menu from './menu.js';
import once from './once.js';
import theme from './theme.js';

const controllers = { conditions, errors, menu, once, theme };
const attached = new WeakSet();

export function attachControllers(root) {
  const elements = [...root.querySelectorAll('[data-controller]')];
  if (root.matches?.('[data-controller]')) {
    elements.push(root);
  }
  for (const element of elements.filter((candidate) => !attached.has(candidate))) {
    attached.add(element);
    for (const name of element.dataset.controller.split(/\s+/)) {
      controllers[name]?.(element);
    }
  }
}
