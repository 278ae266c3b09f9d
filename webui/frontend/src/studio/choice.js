// What may be drawn: the shapes that a policy can run with. A new step is one that a person does.
const ENTRIES = [
  ['create.start-event', 'bpmn:StartEvent', 'bpmn-icon-start-event-none', 'Start'],
  ['create.user-task', 'bpmn:UserTask', 'bpmn-icon-user-task', 'Step done by a person'],
  ['create.service-task', 'bpmn:ServiceTask', 'bpmn-icon-service-task', 'Step done by the software'],
  ['create.exclusive-gateway', 'bpmn:ExclusiveGateway', 'bpmn-icon-gateway-xor', 'Either-or gateway'],
  ['create.parallel-gateway', 'bpmn:ParallelGateway', 'bpmn-icon-gateway-parallel', 'Ways side by side'],
  ['create.end-event', 'bpmn:EndEvent', 'bpmn-icon-end-event-none', 'End']
];
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
        ENTRIES.map(([key, type, className, title]) => [key, { group: 'steps', className, title, action: place(type) }])
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
