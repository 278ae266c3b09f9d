// Figures on the steps: how many cases wait there, with a link to them, and how long the step takes.
export function markLive(viewer, steps) {
  const overlays = viewer.get('overlays');
  const registry = viewer.get('elementRegistry');
  for (const { element, waiting, label, time, address } of steps.filter((each) => registry.get(each.element))) {
    if (waiting > 0) {
      const link = document.createElement('a');
      link.className = 'diagram-badge path-waiting';
      link.href = address;
      link.textContent = `${waiting} waiting`;
      link.setAttribute('aria-label', label);
      overlays.add(element, { position: { top: -10, left: 6 }, html: link });
    }
    if (time) {
      const took = document.createElement('span');
      took.className = 'diagram-badge done';
      took.textContent = time;
      took.title = 'Half of all were done in this time; nine of ten in the second.';
      overlays.add(element, { position: { bottom: 8, left: 0 }, html: took });
    }
  }
}
