// Rules that are looked at while one draws, by bpmnlint; under the server's names where it has the same one.
// The server's rules, which decide, are asked at each save.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import Linter from 'bpmnlint/lib/linter.js';

const called = (node) => (node.name ? `“${node.name}”` : `This ${is(node, 'bpmn:Gateway') ? 'gateway' : 'element'}`);

// Tasks that people do; in BPMN every kind of task is a `bpmn:Task`, so the plain one is asked for by its own name.
export const forPeople = (node) =>
  is(node, 'bpmn:UserTask') || is(node, 'bpmn:ManualTask') || node?.$type === 'bpmn:Task';

function gatewayDecides() {
  return {
    check(node, reporter) {
      if (!is(node, 'bpmn:ExclusiveGateway') && !is(node, 'bpmn:InclusiveGateway')) {
        return;
      }
      const flows = node.outgoing ?? [];
      for (const flow of flows.length > 1 ? flows : []) {
        if (flow !== node.default && !flow.conditionExpression) {
          const to = flow.targetRef?.name || flow.targetRef?.id;
          reporter.report(flow.id, `Nothing says when the flow to “${to}” is taken. Give it a condition, or let it be taken where no other holds.`);
        }
      }
    }
  };
}

function formGiven() {
  return {
    check(node, reporter) {
      if (forPeople(node) && !node.get('parley:form')) {
        reporter.report(node.id, `${called(node)} has no form, so whoever does it is asked nothing. Choose its form, or draw one.`);
      }
    }
  };
}

function nameGiven() {
  return {
    check(node, reporter) {
      if ((is(node, 'bpmn:Activity') || is(node, 'bpmn:Lane')) && !node.name?.trim()) {
        reporter.report(node.id, 'It has no name. Name it as you would tell a colleague what is done here.');
      }
    }
  };
}

// A lane in which only the software does something, or each step names who does it, needs no role.
function isLeftOpen(step) {
  return is(step, 'bpmn:UserTask') && !step.get('parley:role') && !step.get('parley:performer');
}

function laneRole() {
  return {
    check(node, reporter) {
      const steps = (is(node, 'bpmn:Lane') && node.flowNodeRef) || [];
      if (steps.some(isLeftOpen) && !node.get('parley:role') && !node.childLaneSet) {
        reporter.report(node.id, `${called(node)} has no role, so nobody could do what lies in it. Choose who does it.`);
      }
    }
  };
}

function connected() {
  return {
    check(node, reporter) {
      if (!is(node, 'bpmn:FlowNode') || is(node.$parent, 'bpmn:AdHocSubProcess')) {
        return;
      }
      const begins = is(node, 'bpmn:StartEvent') || is(node, 'bpmn:BoundaryEvent') || node.triggeredByEvent;
      if (!begins && !node.incoming?.length) {
        reporter.report(node.id, `${called(node)} is never reached: no flow leads to it. Draw one.`);
      }
    }
  };
}

const RULES = {
  'gateway-decides': gatewayDecides,
  'form-given': formGiven,
  'name-given': nameGiven,
  'lane-role': laneRole,
  reachable: connected
};

const linter = new Linter({
  config: { rules: Object.fromEntries(Object.keys(RULES).map((name) => [name, 'error'])) },
  resolver: {
    resolveRule: (_package, name) => RULES[name],
    resolveConfig: () => {
      throw new Error('There are no other configurations.');
    }
  }
});

export async function lint(modeler, path) {
  const found = await linter.lint(modeler.getDefinitions());
  const registry = modeler.get('elementRegistry');
  return Object.entries(found).flatMap(([rule, reports]) =>
    reports.map(({ id, message }) => ({
      element: id,
      name: registry.get(id)?.businessObject.name || id,
      sentence: message,
      refused: rule !== 'name-given',
      rule,
      path
    }))
  );
}

// Both lists in one: what the server says of an element under a rule stands for what was found here.
export function joined(own, server) {
  const said = new Set(server.map(({ element, rule }) => `${element} ${rule}`));
  return [...server, ...own.filter(({ element, rule }) => !said.has(`${element} ${rule}`))];
}
