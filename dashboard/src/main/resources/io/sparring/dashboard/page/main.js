// The page of one run: takes the parts that the server sends and has each shown.

import { showAccuracy, showRates, showStream, showTraining } from './charts.js';
import { byId, say } from './dom.js';
import { follow } from './live.js';
import { showAlarms, showLetters, showServices, showTiles } from './parts.js';
import { showSample } from './samples.js';

const state = { run: null };
let connected = null;
/** The server's clock less this machine's. */
let ahead = 0;

function showRun(run) {
  document.title = `${run.run} · Sparring`;
  say(byId('run-name'), run.run);
  say(byId('run-facts'), `${run.dataset} · ${run.network} of width ${run.width} · ${run.objective} · PGD-${run.attackSteps}, `
    + `${run.norm === 'l2' ? 'L2' : 'L∞'} ε ${Number(run.epsilon.toPrecision(3))} · batches of ${run.batchSize}`);
  say(byId('cluster'), `${run.cluster}.`);
}

function showStatus() {
  const status = byId('status');
  const { reading } = state;
  const [name, text] = connected == null ? ['connecting', 'Connecting']
    : !connected ? ['away', 'Reconnecting: the dashboard does not answer']
      : reading?.problem ? ['away', reading.problem]
        : reading && !reading.caughtUp ? ['reading', `Reading the topics, ${Math.round(reading.share * 100)} %`] : ['live', 'Live'];
  status.dataset.state = name;
  document.body.classList.toggle('stale', name === 'away');
  say(status, text);
}

const show = {
  run: (run) => showRun(run),
  reading: () => { },
  progress: () => { },
  accuracy: (view) => showAccuracy(view, state.run),
  training: (view) => showTraining(view),
  stream: (view) => showStream(view),
  services: (view) => showServices(view, Date.now() + ahead, state.progress),
  rates: (view) => showRates(view),
  letters: (view) => showLetters(view),
  alarms: (view) => showAlarms(view),
  sample: (view) => showSample(view, state.run.classNames),
};

follow(Object.keys(show), (name, part) => {
  state[name] = part;
  show[name](part);
  showTiles(state);
  showStatus();
}, (open) => {
  connected = open;
  showStatus();
}, (now) => { ahead = now - Date.now(); });
