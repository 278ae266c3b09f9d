// The palette and the menu beside a shape: what a policy can run with. A new step is one that a person does.
import { STEPS } from './steps.js';

const KEPT = ['hand-tool', 'lasso-tool', 'space-tool', 'global-connect-tool', 'tool-separator'];

function Choice(palette, contextPad, create, elementFactory, autoPlace) {
  const place = (type) => {
    const start = (event) => create.start(event, elementFactory.createShape({ type }));
    return { dragstart: start, click: start };
  };
  palette.registerProvider(500, {
    getPaletteEntries: () => (entries) => ({
      ...Object.fromEntries(KEPT.filter((key) => entries[key]).map((key) => [key, entries[key]])),
      ...Object.fromEntries(
        STEPS.map(([key, type, className, title]) => [`create.${key}`, { group: 'steps', className, title, action: place(type) }])
      )
    })
  });
  contextPad.registerProvider(500, {
    getContextPadEntries: () => (entries) => {
      const append = entries['append.append-task'];
      if (append) {
        const make = () => elementFactory.createShape({ type: 'bpmn:UserTask' });
        append.title = 'Append a step done by a person';
        append.className = 'bpmn-icon-user-task';
        append.action = {
          click: (event, element) => autoPlace.append(element, make()),
          dragstart: (event, element) => create.start(event, make(), { source: element })
        };
      }
      return entries;
    }
  });
}
Choice.$inject = ['palette', 'contextPad', 'create', 'elementFactory', 'autoPlace'];

export default { __init__: ['parleyChoice'], parleyChoice: ['type', Choice] };
