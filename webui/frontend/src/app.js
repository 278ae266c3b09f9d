// On every page: the small controllers that data-controller attributes ask for. Every page works without them.
import { attachControllers } from './controllers/index.js';

attachControllers(document);
// Parts of a page that htmx has put in, on pages that load it.
document.addEventListener('htmx:load', (event) => attachControllers(event.detail.elt));
