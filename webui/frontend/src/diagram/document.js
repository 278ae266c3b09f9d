// A policy's document: each diagram drawn once and put into the page as a picture that prints. One that would be too
// small to be read on a sheet is shown whole and then once more in parts.
import Viewer from 'bpmn-js/lib/Viewer';
import foreign from './foreign.js';
import { drawing } from './picture.js';

const SVG = 'http://www.w3.org/2000/svg';
// What a sheet turned sideways has room for, in the units of the drawing, at the smallest scale that can be read.
const LEGIBLE = 0.62;
const SHEET = { width: 1000, height: 580 };
const UPRIGHT = { width: 680, height: 400 };

// The page's policy refuses style attributes in markup; set one by one they are as good.
function inlined(text) {
  const root = new DOMParser().parseFromString(text.replaceAll(' style="', ' data-style="'), 'image/svg+xml').documentElement;
  for (const each of root.querySelectorAll('[data-style]')) {
    const style = each.dataset.style;
    each.removeAttribute('data-style');
    each.style.cssText = style;
  }
  const picture = document.importNode(root, true);
  picture.removeAttribute('style');
  return picture;
}

function figure(svg, label, part = false) {
  const made = document.createElement('figure');
  made.classList.toggle('part', part);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', label);
  made.append(svg);
  return made;
}

function parts(picture, id, box, label) {
  const columns = Math.ceil((box.width * LEGIBLE) / SHEET.width);
  const rows = Math.ceil((box.height * LEGIBLE) / SHEET.height);
  const [width, height] = [box.width / columns, box.height / rows];
  const found = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const svg = document.createElementNS(SVG, 'svg');
      svg.setAttribute('viewBox', `${box.x + column * width} ${box.y + row * height} ${width} ${height}`);
      const use = document.createElementNS(SVG, 'use');
      use.setAttribute('href', `#${id}`);
      svg.append(use);
      found.push(figure(svg, `${label}, part ${found.length + 1} of ${columns * rows}`, true));
    }
  }
  return found;
}

async function draw(place, number, stage) {
  const answer = await fetch(place.dataset.drawing, { credentials: 'same-origin' });
  const viewer = new Viewer({ container: stage, additionalModules: [foreign] });
  await viewer.importXML(await answer.text());
  const picture = inlined(await drawing(viewer));
  viewer.destroy();
  const box = picture.viewBox.baseVal;
  const all = document.createElementNS(SVG, 'g');
  all.id = `drawing-${number}`;
  all.append(...[...picture.childNodes].filter((each) => each.nodeName !== 'defs'));
  picture.append(all);
  picture.removeAttribute('width');
  picture.removeAttribute('height');
  const small = box.width * LEGIBLE > SHEET.width || box.height * LEGIBLE > SHEET.height;
  const section = place.closest('section');
  section.classList.toggle('upright', box.width * LEGIBLE <= UPRIGHT.width && box.height * LEGIBLE <= UPRIGHT.height);
  section.classList.toggle('sideways', !section.classList.contains('upright'));
  place.replaceChildren(figure(picture, place.dataset.label), ...(small ? parts(picture, all.id, box, place.dataset.label) : []));
}

// What stands at the head of each printed page, as the text of a style sheet's `content`.
function quoted(text) {
  return `"${text.replace(/["\\\n]/g, ' ')}"`;
}

export async function showDocument(page) {
  const root = document.documentElement;
  root.style.setProperty('--document-name', quoted(page.dataset.document));
  root.style.setProperty('--document-mark', quoted(page.dataset.mark));
  const state = document.querySelector('[data-document-state]');
  const button = document.querySelector('[data-print]');
  const stage = document.createElement('div');
  stage.className = 'document-stage';
  stage.setAttribute('aria-hidden', 'true');
  document.body.append(stage);
  let failed = 0;
  for (const [number, place] of [...page.querySelectorAll('[data-drawing]')].entries()) {
    try {
      await draw(place, number + 1, stage);
    } catch {
      failed += 1;
      place.firstElementChild.textContent = 'This diagram could not be drawn here. All it says stands below.';
    }
  }
  stage.remove();
  state.textContent = failed ? `Diagrams that could not be drawn: ${failed}. All they say stands in words.` : '';
  button.addEventListener('click', () => window.print());
  button.disabled = false;
  page.dataset.ready = 'true';
}
