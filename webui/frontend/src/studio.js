// The editor of a draft's diagram: bpmn-js, a panel in the field's words, findings on the elements, saving by itself.
import Modeler from 'bpmn-js/lib/Modeler';
import foreign from './diagram/foreign.js';
import choice from './studio/choice.js';
import { showFindings } from './studio/findings.js';
import { attachKeys } from './studio/keys.js';
import namespace from './studio/namespace.js';
import { showPanel } from './studio/panel.js';
import { joined, lint } from './studio/rules.js';
import { saving } from './studio/saving.js';
import { choosable, nameOf } from './studio/steps.js';

const PALETTE = 110;
const EDGE = 20;
const place = document.querySelector('[data-studio]');
const state = place.querySelector('.studio-state');
const choose = place.querySelector('[data-choose]');
const panel = place.querySelector('.studio-panel');
const setting = { ...JSON.parse(place.dataset.studio), feel: place.dataset.feel };

function told(words, kind = '') {
  state.textContent = words;
  state.dataset.kind = kind;
}

// The whole drawing, in the room that the palette leaves.
function fit(canvas) {
  const { outer, inner } = canvas.viewbox();
  if (!outer.width || !inner.width) {
    return;
  }
  const room = { width: outer.width - PALETTE - EDGE, height: outer.height - 2 * EDGE };
  const scale = Math.min(1, room.width / inner.width, room.height / inner.height);
  const left = PALETTE + (room.width - inner.width * scale) / 2;
  const top = EDGE + (room.height - inner.height * scale) / 2;
  canvas.viewbox({
    x: inner.x - left / scale,
    y: inner.y - top / scale,
    width: outer.width / scale,
    height: outer.height / scale
  });
}

function listed(modeler) {
  const chosen = modeler.get('selection').get()[0]?.id ?? '';
  choose.replaceChildren(
    new Option('choose one, or select it in the diagram', ''),
    ...choosable(modeler.get('elementRegistry')).map((each) => new Option(nameOf(each), each.id, false, each.id === chosen))
  );
}

async function open() {
  const modeler = new Modeler({
    container: place.querySelector('.studio-canvas'),
    moddleExtensions: { parley: namespace },
    additionalModules: [choice, foreign]
  });
  const answer = await fetch(place.dataset.diagram, { credentials: 'same-origin' });
  await modeler.importXML(await answer.text());
  const canvas = modeler.get('canvas');
  const stack = modeler.get('commandStack');
  const selection = modeler.get('selection');
  const registry = modeler.get('elementRegistry');
  let server = setting.findings;
  let round = 0;
  const show = async () => {
    const number = (round += 1);
    const own = await lint(modeler, setting.path);
    if (number === round) {
      showFindings(place.querySelector('.studio-findings'), modeler, setting, joined(own, server));
    }
  };
  const linted = (findings) => {
    server = findings.filter((each) => each.path === setting.path || !each.element);
    show();
  };

  const tools = {
    undo: () => stack.undo(),
    redo: () => stack.redo(),
    in: () => canvas.zoom(canvas.zoom() * 1.25),
    out: () => canvas.zoom(canvas.zoom() / 1.25),
    fit: () => fit(canvas)
  };
  for (const button of place.querySelectorAll('[data-tool]')) {
    button.addEventListener('click', () => tools[button.dataset.tool]());
  }
  const renew = () => {
    const chosen = selection.get().length === 1 ? selection.get()[0] : null;
    showPanel(panel, modeler, setting, chosen?.type === 'label' ? chosen.labelTarget : chosen);
  };
  const refresh = () => {
    listed(modeler);
    place.querySelector('[data-tool=undo]').disabled = !stack.canUndo();
    place.querySelector('[data-tool=redo]').disabled = !stack.canRedo();
  };
  let own = false;
  panel.addEventListener('change', () => { own = true; }, true);
  panel.addEventListener('change', () => { own = false; });
  panel.addEventListener('submit', (event) => event.preventDefault());
  choose.addEventListener('change', () => {
    const element = registry.get(choose.value);
    selection.select(element ?? null);
    if (element) {
      canvas.scrollToElement(element);
    }
  });
  modeler.on('selection.changed', () => {
    renew();
    refresh();
  });
  modeler.on('commandStack.changed', () => {
    refresh();
    // The panel that made the change keeps its controls, so that the focus stays; others' changes are shown.
    if (!own) {
      renew();
    }
  });
  const write = async () => (await modeler.saveXML({ format: true })).xml;
  // A listener that gives a promise would keep the event from those after it.
  modeler.on('commandStack.changed', () => {
    show();
  });
  modeler.on('commandStack.changed', saving(write, place, setting, { told, linted }, await write()));
  attachKeys(modeler, place, panel);
  place.modeler = modeler;
  tools.fit();
  renew();
  refresh();
  told('Saved');
  place.dataset.ready = 'true';
  // What the rules say may come a moment later than the diagram.
  setTimeout(linted, 0, setting.findings);
}

function start() {
  told('Opening…');
  open().catch(() => told('The diagram could not be opened here. Download it from the draft’s page.', 'bad'));
}

// On a narrow screen nothing is drawn: the page says where the diagram is read.
const wide = window.matchMedia('(min-width: 56.01rem)');
if (wide.matches) {
  start();
} else {
  told('');
  wide.addEventListener('change', start, { once: true });
}
