// What the keyboard draws: each is one command of the modeler, placed where there is room, and one step to be undone.
import { is } from 'bpmn-js/lib/util/ModelUtil';

const ROOM = 80;

const middle = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

function shapesIn(registry, box) {
  return registry.filter((each) => {
    if (!is(each, 'bpmn:FlowNode') || each.type === 'label') {
      return false;
    }
    const at = middle(each);
    return at.x >= box.x && at.x <= box.x + box.width && at.y >= box.y && at.y <= box.y + box.height;
  });
}

// To the right of all that lies in a lane, or of all there is; a pool grows with it.
function free(registry, box) {
  const there = shapesIn(registry, box);
  const right = Math.max(box.x + ROOM, ...there.map((each) => each.x + each.width));
  return { x: right + ROOM + 50, y: middle(box).y };
}

export function lanes(modeler) {
  return modeler.get('elementRegistry').filter((each) => is(each, 'bpmn:Lane') && !each.businessObject.childLaneSet);
}

export function laneOf(modeler, element) {
  return lanes(modeler).find((each) => each.businessObject.flowNodeRef?.includes(element.businessObject)) ?? null;
}

// After a step, on a flow, or in a lane: wherever what is chosen lets a new one be.
export function draw(modeler, chosen, type) {
  const modeling = modeler.get('modeling');
  const registry = modeler.get('elementRegistry');
  const shape = modeler.get('elementFactory').createShape({ type });
  if (chosen && is(chosen, 'bpmn:SequenceFlow')) {
    const ways = chosen.waypoints;
    const at = Math.floor((ways.length - 1) / 2);
    return modeling.createShape(
      shape, { x: (ways[at].x + ways[at + 1].x) / 2, y: (ways[at].y + ways[at + 1].y) / 2 }, chosen
    );
  }
  if (chosen && is(chosen, 'bpmn:FlowNode')) {
    return modeler.get('autoPlace').append(chosen, shape);
  }
  const lane = chosen && is(chosen, 'bpmn:Lane') ? chosen : lanes(modeler)[0];
  const pool = lane?.parent ?? registry.find((each) => is(each, 'bpmn:Participant'));
  const root = modeler.get('canvas').getRootElement();
  const there = registry.filter((each) => is(each, 'bpmn:FlowNode') && each.type !== 'label');
  const last = there.reduce((far, each) => (far && far.x > each.x ? far : each), null);
  const place = lane || pool
    ? free(registry, lane ?? pool)
    : { x: (last ? last.x + last.width : 100) + ROOM, y: last ? middle(last).y : 150 };
  let parent = pool ?? root;
  while (is(parent, 'bpmn:Lane')) {
    parent = parent.parent;
  }
  return modeling.createShape(shape, place, parent);
}

// Where a flow from here may lead, and does not yet.
export function targets(modeler, source) {
  const rules = modeler.get('rules');
  const led = new Set((source.outgoing ?? []).map((each) => each.target));
  return modeler.get('elementRegistry').filter(
    (each) =>
      each !== source && !led.has(each) && each.type !== 'label' && is(each, 'bpmn:FlowNode') &&
      rules.allowed('connection.create', { source, target: each })?.type === 'bpmn:SequenceFlow'
  );
}

export function connect(modeler, source, target) {
  return modeler.get('modeling').connect(source, target, { type: 'bpmn:SequenceFlow' });
}

// Into another lane, at the same place along the flow.
export function move(modeler, element, lane) {
  let pool = lane;
  while (is(pool, 'bpmn:Lane')) {
    pool = pool.parent;
  }
  const delta = { x: 0, y: Math.round(middle(lane).y - middle(element).y) };
  modeler.get('modeling').moveElements([element], delta, pool);
}

export function addLane(modeler, lane, where) {
  return modeler.get('modeling').addLane(lane, where);
}
