// Tiles, services, alarms and dead letters.

import { attackName, ranked } from './charts.js';
import { byId, el, say, table } from './dom.js';
import { ago, count, duration, moment, number, percent } from './format.js';

function tile(name, value, note) {
  return { name, value, note };
}

/** What of the whole is most worth knowing. Tiles keep their elements, so that only what changes is changed. */
export function showTiles(state) {
  const { run, progress, accuracy, services, letters, alarms } = state;
  const tiles = [];
  if (progress) {
    const left = run.batches > 0 && progress.batchesPerSecond > 0
      ? (run.batches - progress.batches) / progress.batchesPerSecond : null;
    tiles.push(tile('Batches', count(progress.batches), run.batches > 0
      ? `of ${count(run.batches)}${progress.batches < run.batches && left != null ? `, about ${duration(left)} left` : ''}`
      : 'of an endless run'));
    const bar = byId('progress');
    bar.hidden = run.batches === 0;
    bar.value = run.batches > 0 ? progress.batches / run.batches : 0;
  }
  const lines = accuracy ? ranked([...accuracy.lines], run.robust) : [];
  for (const [attack, name] of [['clean', 'Clean accuracy'], [run.robust, 'Robust accuracy']]) {
    const report = lines.find((line) => line.attack === attack)?.reports.at(-1);
    tiles.push(tile(name, percent(report?.accuracy), report ? `${attack === 'clean' ? '' : `${attackName(attack)}, `}step ${count(report.step)}`
      : 'not measured yet'));
  }
  if (progress) {
    tiles.push(tile('Loss', number(progress.loss), `step ${count(progress.step)}${progress.incarnation > 0 ? `, incarnation ${progress.incarnation}` : ''}`));
    tiles.push(tile('Staleness', progress.staleness == null ? '–' : count(progress.staleness), 'of the last batch'));
  }
  tiles.push(tile('Trained', number(services?.stages.trainer?.imagesPerSecond), 'images/s'));
  tiles.push(tile('Set aside', count(letters?.count), letters?.count === 1 ? 'dead letter' : 'dead letters'));
  const raised = alarms?.standing.filter((alarm) => alarm.raised).length ?? 0;
  tiles.push(tile('Alarms', count(raised), raised > 0 ? 'raised now' : 'none raised'));
  const list = byId('tiles');
  if (list.children.length !== tiles.length) {
    list.replaceChildren(...tiles.map((each) => el('div', { 'data-tile': each.name.toLowerCase().replace(' ', '-') },
      el('dt', {}, each.name), el('dd', { class: 'value' }), el('dd', { class: 'note' }))));
  }
  tiles.forEach((each, i) => {
    const [name, value, note] = list.children[i].children;
    say(name, each.name);
    say(value, each.value);
    say(note, each.note);
  });
  list.lastElementChild?.classList.toggle('bad', raised > 0);
}

function outcomes(progress) {
  const parts = Object.entries(progress?.outcomes ?? {}).map(([name, number]) => `${count(number)} ${name.toLowerCase()}`);
  return parts.length > 0 ? ` Batches: ${parts.join(', ')}.` : '';
}

export function showServices({ processes }, now, progress) {
  const alive = processes.filter((process) => process.alive).length;
  const gone = processes.length - alive;
  say(byId('services-lead'), processes.length === 0 ? 'Nobody has been heard of yet.'
    : `${alive} alive${gone > 0 ? `, ${gone} ended or silent` : ''}.${outcomes(progress)}`);
  const element = byId('services-table');
  element.parentElement.hidden = processes.length === 0;
  const rows = processes.map((process) => {
    const ended = process.state === 'STOPPED' || process.state === 'FINISHED' && !process.alive;
    const word = process.alive ? process.state.toLowerCase() : ended ? 'ended' : 'silent';
    return [
      el('span', {}, process.service, el('small', {}, process.instance)),
      el('span', { class: `badge ${process.alive ? process.state.toLowerCase() : word}` }, word),
      process.alive ? number(process.imagesPerSecond) : '–',
      process.alive && process.lag != null ? count(process.lag) : '–',
      process.update ?? '–',
      count(process.batches),
      el('span', { title: moment(process.heardAt) }, ago(now - process.heardAt)),
    ];
  });
  element.replaceChildren(...table(['Service', 'State', 'Images/s', 'Lag', 'Update', 'Batches', 'Heard'], rows, 'Processes of the run'));
  [...element.tBodies[0].rows].forEach((row, i) => row.classList.toggle('gone', !processes[i].alive));
}

const KINDS = { ROBUST_ACCURACY: 'Robust accuracy', INPUT_DRIFT: 'Drift of the images', LABEL_DRIFT: 'Drift of the labels', OTHER: 'Alarm' };
let announced = null;

export function showAlarms({ standing, changes }) {
  const raised = standing.filter((alarm) => alarm.raised);
  say(byId('alarms-lead'), standing.length === 0 ? 'Nothing has been reported.'
    : raised.length === 0 ? 'No alarm is raised; what was reported is over.' : `${raised.length} raised.`);
  byId('alarms-list').replaceChildren(...standing.map((alarm) => el('li', { class: alarm.raised ? 'raised' : 'cleared' },
    el('p', { class: 'head' }, el('span', { class: `badge ${alarm.raised ? 'raised' : 'cleared'}` }, alarm.raised ? 'raised' : 'cleared'),
      el('strong', {}, KINDS[alarm.kind] ?? alarm.kind), ` ${alarm.subject}`),
    el('p', {}, alarm.message),
    el('p', { class: 'note' }, `${alarm.statistic} ${number(alarm.value)}, at most ${number(alarm.threshold)} · batches `
      + `${count(alarm.fromBatch)} to ${count(alarm.toBatch)} · ${moment(alarm.at)}`),
    alarm.value == null || alarm.threshold == null ? null
      : el('meter', { min: 0, max: Math.max(alarm.value, alarm.threshold) * 1.25 || 1, high: alarm.threshold, optimum: 0,
        value: alarm.value, 'aria-label': `${alarm.statistic} of ${alarm.subject}` }))));
  // who listens hears of what is raised while the page is open, and of nothing twice
  const newest = changes.find((alarm) => alarm.raised);
  const mark = newest ? `${newest.kind}/${newest.subject}/${newest.at}` : '';
  if (announced != null && mark !== announced && newest) {
    say(byId('alarms-news'), `Alarm: ${newest.message}`);
  }
  announced = mark;
}

export function showLetters({ count: all, reasons, newest }) {
  say(byId('letters-lead'), all === 0 ? 'No record was set aside.'
    : `${count(all)} ${all === 1 ? 'record was' : 'records were'} set aside; sparring dead-letters shows them whole.`);
  const content = byId('letters-content');
  if (all === 0) {
    content.replaceChildren();
    return;
  }
  const open = content.querySelector('details')?.open ?? false;
  content.replaceChildren(
    el('div', { class: 'scroll', role: 'region', 'aria-label': 'Reasons', tabindex: 0 },
      el('table', { id: 'letters-reasons' }, table(['Topic and reason', 'Letters'], reasons.map((each) => [each.reason, count(each.count)]),
        'Dead letters by reason'))),
    el('details', { open }, el('summary', {}, 'The last ones'),
      el('ul', { class: 'plain' }, newest.map((letter) => el('li', {}, el('code', {}, letter.from), ` ${letter.reason} `,
        el('small', {}, moment(letter.at)))))));
}
