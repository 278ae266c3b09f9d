// The text editors within the form and table editors would put style elements into the page, which its policy stops.
// They get a place that takes constructed style sheets instead. Stands for the package of this name (see build.mjs).
import { StyleModule } from '../../node_modules/style-mod/src/style-mod.js';

const place = {
  ownerDocument: document,
  get adoptedStyleSheets() {
    return document.adoptedStyleSheets;
  },
  set adoptedStyleSheets(sheets) {
    document.adoptedStyleSheets = sheets;
  }
};
const { mount } = StyleModule;

StyleModule.mount = (root, modules, options) => mount(root === document ? place : root, modules, options);

export { StyleModule };
