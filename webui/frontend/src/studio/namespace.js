// Parley's own attributes, as docs/architecture.md lists them, so that the editor reads and writes them.
const text = (...names) => names.map((name) => ({ name, isAttr: true, type: 'String' }));

export default {
  name: 'Parley',
  uri: 'urn:parley:bpmn:1',
  prefix: 'parley',
  xml: { tagAlias: 'lowerCase' },
  types: [
    { name: 'LaneRole', extends: ['bpmn:Lane'], properties: text('role') },
    {
      name: 'NodeRules',
      extends: ['bpmn:FlowNode'],
      properties: text(
        'role', 'form', 'due', 'remind', 'performer', 'separateFrom', 'blind', 'milestone', 'operation', 'decision',
        'correlation'
      )
    },
    {
      name: 'Vote',
      superClass: ['Element'],
      properties: text('field', 'quorum', 'majority', 'close', 'abstain', 'recuse')
    },
    { name: 'Parameter', superClass: ['Element'], properties: text('name', 'value') },
    {
      name: 'Parameters',
      superClass: ['Element'],
      properties: [{ name: 'parameters', type: 'Parameter', isMany: true }]
    }
  ]
};
