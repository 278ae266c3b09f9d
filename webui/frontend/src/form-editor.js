// The editor of a draft's form: form-js with what the server can render and check, and the very page a leader will see.
import { FormEditor } from '@bpmn-io/form-js-editor';
import { begin, listFindings, place, setting, told } from './studio/page.js';
import { saving } from './studio/saving.js';

const preview = place.querySelector('.studio-preview');

// The palette offers what it finds registered; everything else is refused at release anyway.
function Supported(formFields) {
  for (const type of Object.keys(formFields._formFields)) {
    if (type !== 'default' && !setting.components.includes(type)) {
      delete formFields._formFields[type];
    }
  }
}
Supported.$inject = ['formFields'];

async function show() {
  const answer = await fetch(place.dataset.preview, { credentials: 'same-origin' });
  preview.innerHTML = await answer.text();
}

begin(async (text) => {
  const editor = new FormEditor({
    container: place.querySelector('.studio-canvas'),
    additionalModules: [{ __init__: ['parleySupported'], parleySupported: ['type', Supported] }],
    exporter: undefined
  });
  await editor.importSchema(JSON.parse(text));
  const write = async () => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`;
  const linted = (findings) => {
    listFindings(findings);
    show();
  };
  const later = saving(write, place, setting, { told, linted }, await write());
  editor.on('changed', later);
  await show();
});
