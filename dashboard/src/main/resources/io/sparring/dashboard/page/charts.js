// Which charts there are, and what of the run is in them.

import { Chart } from './chart.js';
import { byId, say } from './dom.js';
import { count, number, percent, time } from './format.js';

const STAGES = { producer: '--teal', attacker: '--orange', trainer: '--blue', evaluator: '--purple' };
const OTHERS = ['--pink', '--green', '--muted', '--ink'];
const step = { label: 'step', format: count };
const clock = { label: 'time', format: time, time: true };

function chart(id, name, x, y) {
  return new Chart(document.querySelector(`#${id} .chart`), name, x, y);
}

const share = { format: (value) => percent(value), axis: (value) => percent(value, 0),
  range: (u, low, high) => [0, high > 0.5 ? 1 : Math.max(0.1, high * 1.1)] };

const accuracy = chart('accuracy', 'Accuracy', step, share);
const stream = chart('stream', 'Accuracy on the stream', step, share);
const loss = chart('loss', 'Loss terms', step, { format: number });
const staleness = chart('staleness', 'Staleness', step, { format: number });
const images = chart('images', 'Images per second', clock, { format: number });
const lag = chart('lag', 'Lag', clock, { format: number });

/** The name by which an attack is known: pgd-20 is PGD-20. */
export function attackName(attack) {
  return attack === 'clean' ? 'Clean' : attack.replace(/^[a-z]+(?=-\d|$)/, (word) => word.toUpperCase());
}

/** The clean line first, then the one that counts as robust, then others. */
export function ranked(lines, robust) {
  const rank = (line) => (line.attack === 'clean' ? 0 : line.attack === robust ? 1 : 2);
  return lines.filter((line) => line.reports.length > 0).sort((one, other) => rank(one) - rank(other));
}

export function showAccuracy({ lines, measuring }, facts) {
  const shown = ranked(lines, facts.robust);
  const slices = new Set(shown.map((line) => line.slice));
  const steps = [...new Set(shown.flatMap((line) => line.reports.map((report) => report.step)))].sort((one, other) => one - other);
  const rest = ['--teal', '--purple', '--pink', '--green', '--muted', '--ink'];
  accuracy.update(steps, shown.map((line) => {
    const at = new Map(line.reports.map((report) => [report.step, report]));
    const column = (field) => steps.map((each) => at.get(each)?.[field] ?? null);
    const interval = (value, i) => {
      const report = at.get(steps[i]);
      return report ? `${percent(report.accuracy)} (${percent(report.lower)} to ${percent(report.upper)})` : '–';
    };
    const main = line.attack === 'clean' || line.attack === facts.robust;
    return { name: attackName(line.attack) + (slices.size > 1 ? `, ${line.slice}` : ''),
      color: line.attack === 'clean' ? '--blue' : main ? '--orange' : rest.shift() ?? '--ink', dash: main ? undefined : [6, 4],
      values: column('accuracy'), low: column('lower'), high: column('upper'), format: interval };
  }));
  const images = shown[0]?.reports.at(-1)?.images;
  say(byId('accuracy-lead'), `Share of ${images == null ? 'the' : count(images)} ${[...slices].join(' and ') || 'held-out'} images `
    + 'that are classified rightly, with its 95 % interval.'
    + (measuring ? ` Step ${count(measuring.step)} is being measured: ${measuring.reported} of ${measuring.batches} batches.` : ''));
}

export function showTraining(view) {
  const some = (values) => values.some((value) => value != null && value !== 0);
  loss.update(view.step, [
    { name: 'Loss', color: '--blue', values: view.loss },
    { name: 'Cross entropy', color: '--orange', values: view.crossEntropy },
    { name: 'Perception', color: '--teal', values: view.perception },
    { name: 'Divergence', color: '--purple', values: view.divergence },
  ].filter((line) => line.name === 'Loss' || some(line.values)));
  staleness.update(view.step, view.width === 1
    ? [{ name: 'Staleness', color: '--blue', values: view.staleness }]
    : [{ name: 'Mean', color: '--blue', values: view.staleness },
      { name: 'Largest', color: '--orange', values: view.stalenessMost, dash: [6, 4], format: count }]);
  const mean = view.width === 1 ? '' : ` Each point is the mean over ${count(view.width)} steps.`;
  say(byId('loss-lead'), `The objective and its terms before they are weighted.${mean}`);
  say(byId('staleness-lead'), `Steps between the weights that a batch was crafted against and those it changes.${mean}`);
}

export function showStream(view) {
  const attack = view.attack == null ? '' : attackName(view.attack);
  const line = (name, color, values, low, high) => ({ name, color, values, low, high, dash: low ? undefined : [6, 4],
    format: (value, i) => (value == null ? '–' : percent(value) + (low ? ` (${percent(low[i])} to ${percent(high[i])})` : '')) });
  stream.update(view.step, [
    line('Unseen, clean', '--blue', view.clean, view.cleanLower, view.cleanUpper),
    line(`Unseen, ${attack}`, '--orange', view.robust, view.robustLower, view.robustUpper),
    line('Seen, clean', '--teal', view.seenClean),
    line(`Seen, ${attack}`, '--purple', view.seenRobust),
  ].filter((each) => each.values.some((value) => value != null)));
  if (view.step.length > 0) {
    say(byId('stream-lead'), `Share of the training images that the weights of the moment classified rightly before these changed `
      + `them, by windows of batches; the newest is of ${count(view.fromBatch.at(-1))} to ${count(view.toBatch.at(-1))}. Unseen: no update had been trained on `
      + `them yet, with a 95 % interval; seen: they came again, ${percent(view.shareSeen)} of the newest window.`);
  }
}

export function showRates({ time: times, lines }) {
  const others = [...OTHERS];
  const colored = lines.map((line) => ({ ...line, color: STAGES[line.service] ?? others.shift() ?? '--ink' }));
  images.update(times, colored.map((line) => ({ name: line.service, color: line.color, values: line.imagesPerSecond })));
  lag.update(times, colored.filter((line) => line.lag.some((value) => value != null))
    .map((line) => ({ name: line.service, color: line.color, values: line.lag })));
}
