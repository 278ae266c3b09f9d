// What may be drawn, and the words for it: the palette, the menus of the keyboard and what is read out share them.
import { is } from 'bpmn-js/lib/util/ModelUtil';

export const STEPS = [
  ['start-event', 'bpmn:StartEvent', 'bpmn-icon-start-event-none', 'Start'],
  ['user-task', 'bpmn:UserTask', 'bpmn-icon-user-task', 'Step done by a person'],
  ['service-task', 'bpmn:ServiceTask', 'bpmn-icon-service-task', 'Step done by the software'],
  ['exclusive-gateway', 'bpmn:ExclusiveGateway', 'bpmn-icon-gateway-xor', 'Either-or gateway'],
  ['parallel-gateway', 'bpmn:ParallelGateway', 'bpmn-icon-gateway-parallel', 'Ways side by side'],
  ['end-event', 'bpmn:EndEvent', 'bpmn-icon-end-event-none', 'End']
];

const KINDS = [
  ['bpmn:SequenceFlow', 'flow'],
  ['bpmn:Lane', 'lane'],
  ['bpmn:Participant', 'pool'],
  ['bpmn:UserTask', 'step done by a person'],
  ['bpmn:ServiceTask', 'step done by the software'],
  ['bpmn:BusinessRuleTask', 'decision table'],
  ['bpmn:CallActivity', 'called policy'],
  ['bpmn:BoundaryEvent', 'event on a step'],
  ['bpmn:StartEvent', 'start'],
  ['bpmn:EndEvent', 'end'],
  ['bpmn:ExclusiveGateway', 'either-or gateway'],
  ['bpmn:ParallelGateway', 'ways side by side'],
  ['bpmn:Gateway', 'gateway'],
  ['bpmn:Event', 'event'],
  ['bpmn:Activity', 'step']
];

export function kindOf(element) {
  return KINDS.find(([type]) => is(element, type))?.[1] ?? 'element';
}

function ended(object) {
  return object?.name || object?.id;
}

// The name of an element, or for one without a name what it is: a flow by its ends.
export function nameOf({ businessObject: object }) {
  if (object.name) {
    return object.name;
  }
  return is(object, 'bpmn:SequenceFlow') ? `${ended(object.sourceRef)} → ${ended(object.targetRef)}` : object.id;
}

// What can be chosen: all steps, flows and lanes. Labels belong to their element.
export function choosable(registry) {
  return registry.filter((each) => each.type !== 'label' && (is(each, 'bpmn:FlowElement') || is(each, 'bpmn:Lane')));
}
