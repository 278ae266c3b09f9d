// On pages that show a diagram: draws it and, for a case, the path taken and where it waits.
import { showDocument } from './diagram/document.js';
import { showDiagram } from './diagram/show.js';

for (const figure of document.querySelectorAll('[data-diagram]')) {
  showDiagram(figure);
}

const page = document.querySelector('[data-document]');
if (page) {
  showDocument(page);
}
