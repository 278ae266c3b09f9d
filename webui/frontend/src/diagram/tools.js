// Buttons to zoom and to move, and the same by keys. The wheel scrolls the page, unless the diagram has the focus.
import { keepPng, keepSvg } from './picture.js';

const STEP = 1.25;
const SHIFT = 80;
const LEGIBLE = 0.62;

// The whole diagram where it is legible so; else as large as is legible, with what matters now in view.
function frame(viewer) {
  const canvas = viewer.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  if (canvas.zoom() >= LEGIBLE) {
    return;
  }
  const registry = viewer.get('elementRegistry');
  const now =
    registry.find((each) => canvas.hasMarker(each, 'path-failed') || canvas.hasMarker(each, 'path-waiting')) ??
    registry.find((each) => each.type === 'bpmn:StartEvent');
  canvas.zoom(LEGIBLE);
  if (now) {
    const { width, height } = canvas.viewbox().outer;
    const inside = canvas.viewbox().inner;
    const wide = width / LEGIBLE;
    const high = height / LEGIBLE;
    const keep = (middle, size, low, all) => Math.max(low - 20, Math.min(middle - size / 2, low + all - size + 20));
    canvas.viewbox({
      x: keep(now.x + now.width / 2, wide, inside.x, Math.max(inside.width, wide - 40)),
      y: keep(now.y + now.height / 2, high, inside.y, Math.max(inside.height, high - 40)),
      width: wide,
      height: high
    });
  }
}

export function attachTools(figure, viewer) {
  const canvas = viewer.get('canvas');
  const wheel = viewer.get('zoomScroll');
  const actions = {
    in: () => canvas.zoom(canvas.zoom() * STEP, 'auto'),
    out: () => canvas.zoom(canvas.zoom() / STEP, 'auto'),
    fit: () => canvas.zoom('fit-viewport', 'auto'),
    svg: () => keepSvg(viewer, figure.dataset.picture),
    png: () => keepPng(viewer, figure.dataset.picture),
    left: () => canvas.scroll({ dx: SHIFT, dy: 0 }),
    right: () => canvas.scroll({ dx: -SHIFT, dy: 0 }),
    up: () => canvas.scroll({ dx: 0, dy: SHIFT }),
    down: () => canvas.scroll({ dx: 0, dy: -SHIFT })
  };
  const keys = {
    '+': 'in', '=': 'in', '-': 'out', 0: 'fit',
    ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down'
  };

  frame(viewer);
  for (const button of figure.querySelectorAll('[data-diagram-tool]')) {
    button.addEventListener('click', () => actions[button.dataset.diagramTool]());
    button.disabled = false;
  }
  const area = figure.querySelector('.diagram-canvas');
  area.addEventListener('keydown', (event) => {
    const action = actions[keys[event.key]];
    if (action && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  }, true);
  window.addEventListener('beforeprint', actions.fit);
  area.addEventListener('focusin', () => wheel.toggle(true));
  area.addEventListener('focusout', () => wheel.toggle(false));
}
