// Images of the newest batch: clean, perturbed, and their difference magnified.

import { byId, el, say } from './dom.js';
import { count, moment, percent } from './format.js';

const GREY = 128;

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function canvas(values, { height, width, channels }, label) {
  const element = el('canvas', { width, height, role: 'img', 'aria-label': label });
  const context = element.getContext('2d');
  const image = context.createImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let color = 0; color < 3; color++) {
      image.data[pixel * 4 + color] = values[pixel * channels + (channels === 1 ? 0 : color)];
    }
    image.data[pixel * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return element;
}

function difference(picture, factor) {
  const clean = bytes(picture.pixels);
  return bytes(picture.perturbed).map((value, i) => Math.max(0, Math.min(255, GREY + factor * (value - clean[i]))));
}

/** How much the largest difference of all can be magnified and still be shown. */
function magnification(images) {
  let largest = 1;
  for (const picture of images) {
    const clean = bytes(picture.pixels);
    bytes(picture.perturbed).forEach((value, i) => { largest = Math.max(largest, Math.abs(value - clean[i])); });
  }
  return Math.max(1, Math.floor((GREY - 1) / largest));
}

function prediction(what, name, predicted, label, probability) {
  const right = predicted === label;
  return el('p', { class: right ? 'right' : 'wrong' }, el('span', { class: 'what' }, what), el('span', { 'aria-hidden': 'true' }, right ? '✓' : '✗'),
    el('span', { class: 'hidden' }, right ? 'rightly' : 'wrongly'), el('span', { class: 'name' }, name(predicted)),
    el('span', { class: 'probability' }, percent(probability, 0)));
}

export function showSample(sample, classNames) {
  const name = (label) => classNames[label] ?? `class ${label}`;
  const factor = magnification(sample.images);
  const misled = sample.images.filter((each) => each.predictedPerturbed !== each.label).length;
  say(byId('samples-lead'), `Batch ${count(sample.batchNumber)}, crafted against step ${count(sample.step)} by ${sample.attacker}, `
    + `${sample.norm === 'l2' ? 'L2' : 'L∞'} ε ${Number(sample.epsilon.toPrecision(3))}; ${misled} of ${sample.images.length} are taken for another class. `
    + `Differences are magnified ${factor} times, grey is none. ${moment(sample.at)}`);
  byId('samples-list').replaceChildren(...sample.images.map((picture) => el('li', {}, el('figure', {},
    el('div', { class: 'pictures' },
      canvas(bytes(picture.pixels), sample, `Clean image of class ${name(picture.label)}`),
      canvas(bytes(picture.perturbed), sample, `The same image, perturbed`),
      canvas(difference(picture, factor), sample, `Their difference, magnified ${factor} times`)),
    el('figcaption', {}, el('strong', {}, name(picture.label)),
      prediction('clean', name, picture.predicted, picture.label, picture.probability),
      prediction('perturbed', name, picture.predictedPerturbed, picture.label, picture.probabilityPerturbed))))));
}
