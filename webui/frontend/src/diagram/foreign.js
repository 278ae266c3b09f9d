// Some tools let a drawing refer to what BPMN does not draw: a plane to the whole file (Modelio), a pool to its
// process in place of the participant (Bonita). What is drawn is then found; the file itself stays as it came.
import { is } from 'bpmn-js/lib/util/ModelUtil';

function drawable(definitions, referred) {
  const roots = definitions.rootElements ?? [];
  const collaboration = roots.find((each) => is(each, 'bpmn:Collaboration'));
  if (!referred || is(referred, 'bpmn:Definitions')) {
    return collaboration ?? roots.find((each) => is(each, 'bpmn:Process'));
  }
  return referred;
}

function participantOf(definitions, process) {
  return (definitions.rootElements ?? [])
    .filter((each) => is(each, 'bpmn:Collaboration'))
    .flatMap((each) => each.participants ?? [])
    .find((each) => each.processRef === process);
}

function Foreign(eventBus) {
  eventBus.on('import.parse.complete', ({ definitions }) => {
    for (const { plane } of definitions?.diagrams ?? []) {
      if (!plane) {
        continue;
      }
      plane.bpmnElement = drawable(definitions, plane.bpmnElement);
      const shapes = plane.planeElement ?? [];
      const drawn = new Set(shapes.map((each) => each.bpmnElement));
      for (const shape of shapes) {
        const process = shape.bpmnElement && is(shape.bpmnElement, 'bpmn:Process') ? shape.bpmnElement : null;
        const pool = process && participantOf(definitions, process);
        if (pool && !drawn.has(pool)) {
          shape.bpmnElement = pool;
        }
      }
    }
  });
}
Foreign.$inject = ['eventBus'];

export default { __init__: ['parleyForeign'], parleyForeign: ['type', Foreign] };
