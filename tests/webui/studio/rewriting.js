// Bundled by test_byte_preserving.py: the editor's own model of a file, unchanged, with a task renamed, a shape moved.
import Modeler from 'bpmn-js/lib/Modeler';
import foreign from '../../../webui/frontend/src/diagram/foreign.js';
import namespace from '../../../webui/frontend/src/studio/namespace.js';

window.rewritten = async (source) => {
  const container = document.createElement('div');
  container.style.cssText = 'width: 900px; height: 600px';
  document.body.append(container);
  const modeler = new Modeler({ container, moddleExtensions: { parley: namespace }, additionalModules: [foreign] });
  const { warnings } = await modeler.importXML(source);
  const write = async () => (await modeler.saveXML({ format: true })).xml;
  const opened = await write();
  const registry = modeler.get('elementRegistry');
  const modeling = modeler.get('modeling');
  const drawn = registry.filter((each) => each.type !== 'label' && /Task$|CallActivity$|SubProcess$/.test(each.type));
  const task = drawn[0];
  modeling.updateProperties(task, { name: 'Consult “legal” & <others>' });
  const renamed = await write();
  modeler.get('commandStack').undo();
  const undone = await write();
  modeling.moveElements([task], { x: 30, y: 10 });
  const moved = await write();
  modeler.get('commandStack').undo();
  const flow = modeling.appendShape(task, { type: 'bpmn:UserTask' }, { x: task.x + 260, y: task.y + 40 }, task.parent);
  modeling.updateProperties(flow, { name: 'New step', 'parley:form': 'new.form' });
  const added = await write();
  modeling.removeShape(flow);
  const removed = await write();
  const answer = {
    id: task.id, name: task.businessObject.name ?? null, created: flow.id, warnings: warnings.map((each) => each.message),
    opened, renamed, undone, moved, added, removed
  };
  modeler.destroy();
  container.remove();
  return answer;
};
