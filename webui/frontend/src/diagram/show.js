// Fetches a diagram and a case's path, both from this site, and draws them into the figure's canvas.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { attachTools } from './tools.js';
import foreign from './foreign.js';
import { markLive } from './live.js';
import { markDifference } from './difference.js';
import { markPath } from './path.js';
import { walkOn } from './walking.js';

// Colours come from the page's style sheet, so that they follow light and dark without drawing again.
const colours = {
  defaultFillColor: 'var(--diagram-fill)',
  defaultStrokeColor: 'var(--diagram-ink)',
  defaultLabelColor: 'var(--diagram-label)'
};

async function read(address, kind) {
  const answer = await fetch(address, { credentials: 'same-origin', headers: { Accept: kind } });
  if (!answer.ok) {
    throw new Error(`${address} was answered with ${answer.status}`);
  }
  return answer;
}

export async function showDiagram(figure) {
  const canvas = figure.querySelector('.diagram-canvas');
  try {
    const { diagram, path, marks, live, run } = figure.dataset;
    const [xml, taken] = await Promise.all([
      read(diagram, 'application/xml').then((answer) => answer.text()),
      path ? read(path, 'application/json').then((answer) => answer.json()) : null
    ]);
    const viewer = new NavigatedViewer({
      container: canvas, bpmnRenderer: colours, zoomScroll: { enabled: false }, additionalModules: [foreign]
    });
    await viewer.importXML(xml);
    if (taken) {
      markPath(viewer, taken);
    }
    if (marks) {
      markDifference(viewer, JSON.parse(marks));
    }
    if (live) {
      markLive(viewer, JSON.parse(live));
    }
    attachTools(figure, viewer);
    canvas.dataset.shown = 'true';
    if (run && taken) {
      canvas.dataset.walked = await walkOn(viewer, run, taken);
    }
  } catch {
    canvas.dataset.shown = 'false';
    canvas.querySelector('.diagram-waiting').textContent =
      'The diagram could not be drawn here. The same steps are listed below it.';
  }
}
