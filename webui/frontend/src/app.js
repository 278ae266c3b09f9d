// On every page: htmx, and the small controllers that data-controller attributes ask for.
import htmx from 'htmx.org';
import { attachControllers } from './controllers/index.js';

// The Content-Security-Policy admits neither evaluated code nor styles written into the page.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
// A refused form comes back as a page that says what to do: show it.
htmx.config.responseHandling = [
  { code: '204', swap: false },
  { code: '[23]..', swap: true },
  { code: '4..', swap: true, error: true },
  { code: '...', swap: false, error: true }
];

htmx.onLoad(attachControllers);
