// The summary of a refused form takes the focus, so that it is read first.
export default function errors(summary) {
  summary.tabIndex = -1;
  summary.focus();
}
