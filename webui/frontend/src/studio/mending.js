// What can be mended by one click, where there is one answer that cannot be wrong; each is one step to be undone.
import { is } from 'bpmn-js/lib/util/ModelUtil';

function defaultFlow(modeler, flow) {
  const gateway = flow.businessObject.sourceRef;
  const open = (gateway?.outgoing ?? []).filter((each) => !each.conditionExpression);
  if (gateway?.default || open.length !== 1) {
    return null;
  }
  const source = modeler.get('elementRegistry').get(gateway.id);
  return {
    words: 'Take it where no other condition holds',
    mend: () => modeler.get('modeling').updateProperties(source, { default: flow.businessObject })
  };
}

function form(modeler, element, setting) {
  const used = new Set(
    modeler.get('elementRegistry').getAll().map((each) => each.businessObject?.get?.('parley:form')).filter(Boolean)
  );
  const free = Object.keys(setting.forms).filter((path) => !used.has(path));
  const named = free.filter((path) => path === `${element.id}.form`);
  const only = named.length ? named : free;
  return only.length !== 1 ? null : {
    words: `Use the form ${only[0]}`,
    mend: () => modeler.get('modeling').updateProperties(element, { 'parley:form': only[0] })
  };
}

function role(modeler, element, setting) {
  const plain = (text) => (text ?? '').trim().toLowerCase();
  const found = setting.roles.filter(({ value, label }) => [plain(value), plain(label)].includes(plain(element.businessObject.name)));
  return found.length !== 1 ? null : {
    words: `Let it be done by: ${found[0].label}`,
    mend: () => modeler.get('modeling').updateProperties(element, { 'parley:role': found[0].value })
  };
}

function name(modeler, element, setting) {
  const chosen = setting.roles.find(({ value }) => value === element.businessObject.get('parley:role'));
  return !is(element, 'bpmn:Lane') || !chosen ? null : {
    words: `Name it “${chosen.label}”`,
    mend: () => modeler.get('modeling').updateProperties(element, { name: chosen.label })
  };
}

const MENDS = { 'gateway-decides': defaultFlow, 'form-given': form, 'lane-role': role, 'name-given': name };

export function mendOf(modeler, setting, finding) {
  const element = modeler.get('elementRegistry').get(finding.element);
  const offer = MENDS[finding.rule];
  if (!element || !offer || (finding.rule === 'gateway-decides' && !is(element, 'bpmn:SequenceFlow'))) {
    return null;
  }
  return offer(modeler, element, setting);
}
