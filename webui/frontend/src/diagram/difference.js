// Marks what differs from another version. A word stands with each colour, but for what only moved on the paper.
export function markDifference(viewer, marks) {
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  const registry = viewer.get('elementRegistry');

  for (const [id, kind] of Object.entries(marks).filter(([each]) => registry.get(each))) {
    canvas.addMarker(id, `mark-${kind}`);
    if (kind !== 'layout' && registry.get(id).width >= 80) {
      const html = document.createElement('span');
      html.className = `diagram-badge mark-${kind}`;
      html.textContent = kind;
      overlays.add(id, { position: { top: -9, left: 8 }, html });
    }
  }
}
