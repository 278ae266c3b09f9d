// Marks what a case has passed, and where it waits. Colours and line styles are the style sheet's.
function badge(text, label, kind) {
  const element = document.createElement('span');
  element.className = `diagram-badge ${kind}`;
  element.textContent = text;
  element.title = label;
  return element;
}

export function markPath(viewer, { completed, flows, waiting, failed }) {
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  const registry = viewer.get('elementRegistry');

  for (const id of [...Object.keys(completed), ...Object.keys(flows)].filter((each) => registry.get(each))) {
    canvas.addMarker(id, 'path-done');
  }
  for (const [id, times] of Object.entries(completed)) {
    const shape = registry.get(id);
    if (shape && shape.width >= 80) {
      const label = times === 1 ? 'Done' : `Done ${times} times`;
      const html = badge(times === 1 ? '✓' : `✓ ${times}×`, label, 'done');
      overlays.add(id, { position: { top: -9, left: 8 }, html });
    }
  }
  for (const [ids, marker, text] of [[waiting, 'path-waiting', 'waits here'], [failed, 'path-failed', 'stopped']]) {
    for (const id of ids.filter((each) => registry.get(each))) {
      canvas.addMarker(id, marker);
      const place = registry.get(id).width >= 80 ? { bottom: 9, left: 8 } : { top: -20, left: -12 };
      overlays.add(id, { position: place, html: badge(text, text, marker) });
    }
  }
}
