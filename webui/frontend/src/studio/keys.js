// Drawing by the keyboard alone. The keys hold while the diagram has the focus; the buttons above it do the same.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { chooseOne } from './dialogue.js';
import { addLane, connect, draw, laneOf, lanes, move, targets } from './drawing.js';
import { STEPS, choosable, kindOf, nameOf } from './steps.js';

const BEFORE_OTHERS = 2000;

function told(modeler, element) {
  const lane = is(element, 'bpmn:FlowNode') ? laneOf(modeler, element) : null;
  const leads = (element.outgoing ?? []).filter((each) => is(each, 'bpmn:SequenceFlow')).map((each) => nameOf(each.target));
  return [
    nameOf(element) === element.id ? `${kindOf(element)} without a name` : `${nameOf(element)}, ${kindOf(element)}`,
    lane ? `in the lane ${nameOf(lane)}` : '',
    leads.length ? `leads to ${leads.join(' and ')}` : ''
  ].filter(Boolean).join(', ');
}

export function attachKeys(modeler, place, panel) {
  const selection = modeler.get('selection');
  const canvas = modeler.get('canvas');
  const registry = modeler.get('elementRegistry');
  const said = place.querySelector('[data-said]');
  const help = place.querySelector('[data-keys]');
  const one = () => {
    const [chosen, ...more] = selection.get();
    return more.length === 0 && chosen ? (chosen.labelTarget ?? chosen) : null;
  };
  const say = (words) => { said.textContent = words; };
  const take = (element) => {
    selection.select(element);
    canvas.scrollToElement(element);
    canvas.focus();
  };
  // Two steps of one name are told apart by their lanes.
  const worded = (element) => {
    const lane = is(element, 'bpmn:FlowNode') ? laneOf(modeler, element) : null;
    return `${nameOf(element)} (${kindOf(element)}${lane ? `, ${nameOf(lane)}` : ''})`;
  };
  const offer = (title, elements, act = take) =>
    chooseOne(title, elements.map((each) => ({ words: worded(each), act: () => act(each) })));

  // Along the flow, forward or back; where there are several ways one chooses.
  const along = (flows, end, title) => {
    const from = one();
    if (!from) {
      take(registry.find((each) => is(each, 'bpmn:StartEvent')) ?? choosable(registry)[0]);
      return;
    }
    const next = is(from, 'bpmn:SequenceFlow')
      ? [from[end]]
      : [...(from[flows] ?? []).filter((each) => is(each, 'bpmn:SequenceFlow')), ...(flows === 'outgoing' ? from.attachers ?? [] : [])];
    const places = [...new Set(next.map((each) => (is(each, 'bpmn:SequenceFlow') ? each[end] : each)))];
    if (flows === 'incoming' && from.host) {
      places.push(from.host);
    }
    if (places.length > 1) {
      offer(title, places);
    } else if (places.length === 1) {
      take(places[0]);
    } else {
      say(flows === 'outgoing' ? 'Nothing comes after it.' : 'Nothing comes before it.');
    }
  };
  const placed = (from, type) => {
    const made = draw(modeler, from, type);
    take(made);
    if (!is(made, 'bpmn:Gateway')) {
      modeler.get('directEditing').activate(made);
    }
  };
  const actions = {
    go: () => offer('Go to', choosable(registry)),
    next: () => along('outgoing', 'target', 'Go on to'),
    back: () => along('incoming', 'source', 'Go back to'),
    append: () => {
      const from = one();
      if (from && is(from, 'bpmn:EndEvent')) {
        say('Nothing comes after an end. Choose a flow or another step first.');
        return;
      }
      const kinds = STEPS.map(([, type, , words]) => ({ words, act: () => placed(from, type) }))
        .filter((each, at) => !from || is(from, 'bpmn:Lane') || STEPS[at][1] !== 'bpmn:StartEvent');
      const around = from && is(from, 'bpmn:Lane')
        ? ['top', 'bottom'].map((where) => ({
            words: where === 'top' ? 'Lane above this one' : 'Lane below this one', act: () => take(addLane(modeler, from, where))
          }))
        : [];
      const where = !from ? 'New' : is(from, 'bpmn:SequenceFlow') ? `On ${nameOf(from)}` : is(from, 'bpmn:Lane') ? `In ${nameOf(from)}` : `After ${nameOf(from)}`;
      chooseOne(where, [...kinds, ...around]);
    },
    connect: () => {
      const from = one();
      if (!from || !is(from, 'bpmn:FlowNode')) {
        say('Choose the step from which the flow leads, first.');
        return;
      }
      const to = targets(modeler, from);
      if (to.length === 0) {
        say(`No flow can be drawn from ${nameOf(from)}.`);
        return;
      }
      offer(`A flow from ${nameOf(from)} to`, to, (target) => take(connect(modeler, from, target)));
    },
    lane: () => {
      const from = one();
      const others = from && is(from, 'bpmn:FlowNode') && !from.host ? lanes(modeler).filter((each) => each !== laneOf(modeler, from)) : [];
      if (others.length === 0) {
        say('Choose a step of a diagram with several lanes, first.');
        return;
      }
      offer(`${nameOf(from)} into the lane`, others, (lane) => {
        move(modeler, from, lane);
        take(from);
      });
    },
    panel: () => panel.querySelector('input, select, textarea')?.focus(),
    keys: () => help.showModal()
  };
  const keys = { g: 'go', n: 'next', b: 'back', a: 'append', c: 'connect', m: 'lane', Enter: 'panel', '?': 'keys' };
  modeler.get('keyboard').addListener(BEFORE_OTHERS, ({ keyEvent: event }) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return undefined;
    }
    const action = actions[keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]];
    action?.();
    return action ? true : undefined;
  });
  for (const button of place.querySelectorAll('[data-draw]')) {
    button.addEventListener('click', () => actions[button.dataset.draw]());
  }
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      // What is written takes effect when its field is left.
      canvas.focus();
    }
  });
  const tell = () => {
    const chosen = one();
    say(chosen ? told(modeler, chosen) : '');
  };
  modeler.on('selection.changed', tell);
  modeler.on('commandStack.changed', tell);
}
