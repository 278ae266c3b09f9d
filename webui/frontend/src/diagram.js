// On pages that show a diagram: draws it and, for a case, the path taken and where it waits.
import { showDiagram } from './diagram/show.js';

for (const figure of document.querySelectorAll('[data-diagram]')) {
  showDiagram(figure);
}
