// The editor of a draft's decision tables: dmn-js, saving by itself.
import DmnModeler from 'dmn-js/lib/Modeler';
import { begin, listFindings, place, setting, told } from './studio/page.js';
import { saving } from './studio/saving.js';

begin(async (text) => {
  const modeler = new DmnModeler({ container: place.querySelector('.studio-canvas') });
  const write = async () => (await modeler.saveXML({ format: true })).xml;
  await modeler.importXML(text);
  const table = modeler.getViews().find(({ type }) => type === 'decisionTable');
  if (table) {
    await modeler.open(table);
  }
  const later = saving(write, place, setting, { told, linted: listFindings }, await write());
  const heard = new Set();
  const listen = () => {
    const viewer = modeler.getActiveViewer();
    if (viewer && !heard.has(viewer)) {
      heard.add(viewer);
      viewer.on('commandStack.changed', later);
    }
  };
  modeler.on('views.changed', listen);
  listen();
});
