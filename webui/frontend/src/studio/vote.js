// The rule of a vote, where the step is one; a new vote is begun from a step over a roster in an earlier version.
import { is } from 'bpmn-js/lib/util/ModelUtil';
import { input, list } from './fields.js';

const MAJORITIES = [['half', 'more than half'], ['two thirds', 'two thirds']];
const CLOSES = [['all', 'when all have voted'], ['certain', 'when the outcome is certain'], ['due', 'when it is due']];

export function voteFields(modeler, element) {
  const vote = element.businessObject.extensionElements?.values?.find((each) => is(each, 'parley:Vote'));
  if (!vote) {
    return [];
  }
  const modeling = modeler.get('modeling');
  const set = (name) => (value) => modeling.updateModdleProperties(element, vote, { [name]: value });
  return [
    input('How many must vote', vote.quorum ?? '', set('quorum'), 'number'),
    list('Majority', vote.majority ?? 'half', MAJORITIES, set('majority')),
    list('The vote closes', vote.close ?? 'all', CLOSES, set('close'))
  ];
}
