// What the rules say: a mark on each element, and a list whose entries lead to it and, where it is safe, mend it.
import { mendOf } from './mending.js';

const drawn = 'parley-finding';

export function showFindings(place, modeler, setting, findings) {
  const overlays = modeler.get('overlays');
  const registry = modeler.get('elementRegistry');
  overlays.remove({ type: drawn });
  place.replaceChildren();
  for (const finding of findings) {
    const element = registry.get(finding.element);
    const item = document.createElement('li');
    const tag = document.createElement('span');
    tag.className = finding.refused ? 'tag bad' : 'tag warn';
    tag.textContent = finding.refused ? 'to mend' : 'to look at';
    item.append(tag, ' ');
    if (element) {
      const link = document.createElement('button');
      link.type = 'button';
      link.textContent = finding.name;
      link.addEventListener('click', () => {
        modeler.get('selection').select(element);
        modeler.get('canvas').scrollToElement(element);
      });
      item.append(link, ': ');
      const html = document.createElement('span');
      html.className = finding.refused ? 'studio-finding' : 'studio-finding mild';
      html.textContent = '!';
      html.title = finding.sentence;
      overlays.add(element, drawn, { position: { top: -11, right: 11 }, html });
    }
    item.append(finding.sentence);
    const offer = mendOf(modeler, setting, finding);
    if (offer) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'studio-mend';
      button.textContent = offer.words;
      button.addEventListener('click', offer.mend);
      item.append(' ', button);
    }
    place.append(item);
  }
  if (findings.length === 0) {
    const item = document.createElement('li');
    item.textContent = 'Nothing. It can run as it is drawn.';
    place.append(item);
  }
}
