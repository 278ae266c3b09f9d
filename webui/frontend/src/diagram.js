// On pages that show a diagram: draws the BPMN that the element's data-diagram address answers with.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

async function show(element) {
  const answer = await fetch(element.dataset.diagram, { credentials: 'same-origin' });
  const viewer = new NavigatedViewer({ container: element });
  await viewer.importXML(await answer.text());
  viewer.get('canvas').zoom('fit-viewport', 'auto');
  element.dataset.shown = 'true';
}

for (const element of document.querySelectorAll('[data-diagram]')) {
  show(element).catch(() => {
    element.dataset.shown = 'false';
  });
}
