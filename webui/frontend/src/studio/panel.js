// The properties of the element chosen, in the field's words. Each change is one step that can be undone.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { conditionFields } from './condition.js';
import { check, hint, input, list, many } from './fields.js';
import { forPeople } from './rules.js';
import { voteFields } from './vote.js';

const PERFORMERS = [['', 'whoever holds the role'], ['starter', 'who started the case'], ['seat', 'a seat of the roster']];

function timerText(object) {
  const timer = object.eventDefinitions?.find((each) => is(each, 'bpmn:TimerEventDefinition'));
  return timer?.timeDuration ? { timer, body: timer.timeDuration } : null;
}

export function showPanel(form, modeler, setting, element) {
  const modeling = modeler.get('modeling');
  const registry = modeler.get('elementRegistry');
  const object = element?.businessObject;
  form.replaceChildren();
  form.hidden = !object;
  if (!object) {
    return;
  }
  const set = (name) => (value) => modeling.updateProperties(element, { [name]: value || undefined });
  const add = (...parts) => form.append(...parts);
  const get = (name) => object.get(`parley:${name}`) ?? '';
  const roles = setting.roles.map(({ value, label }) => [value, label]);
  const forms = [['', 'no form'], ...Object.keys(setting.forms).map((path) => [path, path])];

  add(input('Name', object.name ?? '', set('name')));
  if (is(object, 'bpmn:Lane')) {
    add(list('Who does what lies in it', get('role'), [['', 'nobody yet'], ...roles], set('parley:role')));
  }
  if (forPeople(object)) {
    const others = registry
      .filter((each) => forPeople(each.businessObject) && each.id !== element.id && each.type !== 'label')
      .map((each) => [each.id, each.businessObject.name || each.id]);
    add(
      list('Who does it', get('role'), [['', 'the lane’s role'], ...roles], set('parley:role')),
      list('Performed by', get('performer'), PERFORMERS, set('parley:performer')),
      list('Form', get('form'), forms, set('parley:form')),
      input('Due after', get('due'), set('parley:due')),
      hint('P5D is 5 days, PT4H is 4 hours; or an expression.'),
      input('Reminder before it is due', get('remind'), set('parley:remind')),
      many('Who did these may not do it', get('separateFrom').split(/\s+/), others, (ids) =>
        set('parley:separateFrom')(ids.join(' '))
      ),
      input('Sealed together with (group)', get('blind'), set('parley:blind')),
      ...voteFields(modeler, element)
    );
  }
  if (is(object, 'bpmn:StartEvent')) {
    add(list('Form', get('form'), forms, set('parley:form')));
  }
  if (is(object, 'bpmn:ServiceTask')) {
    const names = [['', 'nothing yet'], ...setting.operations.map((name) => [name, name])];
    add(list('What the software does', get('operation'), names, set('parley:operation')));
  }
  const timer = is(object, 'bpmn:Event') && timerText(object);
  if (timer) {
    const change = (body) => modeling.updateModdleProperties(element, timer.body, { body });
    add(input('Waits for', timer.body.body ?? '', change), hint('P7D is 7 days; or an expression.'));
  }
  if (is(object, 'bpmn:SequenceFlow')) {
    add(...conditionFields(modeler, element, setting));
    if (is(object.sourceRef, 'bpmn:ExclusiveGateway') || is(object.sourceRef, 'bpmn:InclusiveGateway')) {
      const source = registry.get(object.sourceRef.id);
      add(
        check('Taken where no condition holds', object.sourceRef.default === object, (on) =>
          modeling.updateProperties(source, { default: on ? object : undefined })
        )
      );
    }
  } else if (is(object, 'bpmn:FlowNode')) {
    add(input('Milestone in the record', get('milestone'), set('parley:milestone')));
  }
}
