// A chart that can be read with eyes, keyboard and screen reader: uPlot draws it, a legend says the values at the cursor, arrow
// keys move the cursor, and a table behind it has all numbers.

import uPlot from './uplot/uPlot.esm.js';
import { el, say, table } from './dom.js';

const scheme = window.matchMedia('(prefers-color-scheme: dark)');
const FONT = '12px system-ui, sans-serif';

function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export class Chart {
  /**
   * @param root where it goes
   * @param name what a screen reader calls it
   * @param x {label, format, time}
   * @param y {format, axis, range}: format for values, axis for ticks
   */
  constructor(root, name, x, y) {
    this.x = x;
    this.y = y;
    this.name = name;
    this.legend = el('ul', { class: 'legend' });
    this.plot = el('div', { class: 'plot', tabindex: 0, role: 'slider', 'aria-label': `${name}, by ${x.label}`, 'aria-valuemin': 0,
      'aria-valuemax': 0, 'aria-valuenow': 0, 'aria-valuetext': 'no data yet' });
    this.empty = el('p', { class: 'empty' }, 'No data yet');
    this.tableElement = el('table');
    this.details = el('details', {}, el('summary', {}, 'Table'),
      el('div', { class: 'scroll tall', role: 'region', 'aria-label': `${name}, as a table`, tabindex: 0 }, this.tableElement));
    root.replaceChildren(this.legend, this.empty, this.plot, this.details);
    this.plot.hidden = true;
    this.details.hidden = true;
    this.cursor = null;
    this.data = { x: [], series: [] };
    this.plot.addEventListener('keydown', (event) => this.key(event));
    this.plot.addEventListener('blur', () => this.release());
    this.details.addEventListener('toggle', () => this.fillTable());
    scheme.addEventListener('change', () => this.draw(true));
    new ResizeObserver(() => this.resize()).observe(root);
  }

  /** series: [{name, color, values, low, high, dash, format}], all as long as x; values may be null. */
  update(x, series) {
    const same = this.shape === Chart.shape(series);
    this.data = { x, series };
    const empty = x.length === 0 || series.length === 0;
    this.empty.hidden = !empty;
    this.plot.hidden = empty;
    this.details.hidden = empty;
    this.legend.hidden = empty;
    if (!empty) {
      this.draw(!same);
      this.fillTable();
    }
  }

  static shape(series) {
    return series.map((each) => `${each.name}/${each.color}/${each.dash}/${each.low != null}`).join();
  }

  draw(anew) {
    if (this.data.x.length === 0) {
      return;
    }
    const columns = [this.data.x];
    for (const each of this.data.series) {
      columns.push(each.values);
      if (each.low) {
        columns.push(each.high, each.low);
      }
    }
    if (anew || !this.uplot) {
      this.uplot?.destroy();
      this.shape = Chart.shape(this.data.series);
      this.uplot = new uPlot(this.options(), columns, this.plot);
    } else {
      this.uplot.setData(columns);
    }
    if (this.cursor != null) {
      this.moveTo(Math.min(this.cursor, this.data.x.length - 1));
    } else {
      this.show(null);
    }
  }

  options() {
    const axis = { stroke: css('--muted'), grid: { stroke: css('--line'), width: 1 }, ticks: { show: false }, font: FONT, gap: 6 };
    const series = [{}];
    const bands = [];
    for (const each of this.data.series) {
      const color = css(each.color);
      const few = this.data.x.length <= 60;
      series.push({ label: each.name, stroke: color, width: this.data.x.length > 120 ? 1.5 : 2, dash: each.dash, spanGaps: true,
        points: { show: few, size: 6, fill: color } });
      if (each.low) {
        const hidden = { stroke: 'transparent', width: 0, points: { show: false }, spanGaps: true };
        series.push(hidden, { ...hidden });
        bands.push({ series: [series.length - 2, series.length - 1], fill: `${color}2e` });
      }
    }
    return {
      width: this.width(), height: this.height(), series, bands, legend: { show: false }, padding: [12, 12, 0, 0],
      scales: { x: { time: Boolean(this.x.time) }, y: { range: this.y.range ?? ((u, low, high) => [Math.min(0, low),
        high > 0 ? high * 1.08 : 1]) } },
      axes: [{ ...axis, grid: { show: false }, space: 64, size: 28,
        ...(this.x.time ? { values: [[3600, '{HH}:{mm}', null, null, null, null, null, null, 1],
          [60, '{HH}:{mm}', null, null, null, null, null, null, 1], [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1]] }
          : { incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1e3, 2e3, 2500, 5e3, 1e4, 2e4, 2.5e4, 5e4, 1e5, 2.5e5, 5e5, 1e6] }) },
      { ...axis, size: 56, values: (u, ticks) => ticks.map((tick) => (this.y.axis ?? this.y.format)(tick)) }],
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 9 } },
      hooks: { setCursor: [(u) => this.show(u.cursor.idx)] },
    };
  }

  width() {
    return Math.max(200, Math.floor(this.plot.parentElement.clientWidth));
  }

  height() {
    return this.plot.closest('.wide') && this.width() > 560 ? 300 : 220;
  }

  resize() {
    if (this.uplot && (this.uplot.width !== this.width() || this.uplot.height !== this.height())) {
      this.uplot.setSize({ width: this.width(), height: this.height() });
    }
  }

  /** The values at a point, or where there is none the newest. */
  show(index) {
    const last = this.data.x.length - 1;
    const entries = this.data.series.map((each) => {
      const at = index ?? each.values.findLastIndex((value) => value != null);
      const format = each.format ?? this.y.format;
      return [each, at < 0 || at > last ? '–' : format(each.values[at], at)];
    });
    if (this.legend.children.length !== entries.length || this.legendShape !== this.shape) {
      this.legendShape = this.shape;
      this.legend.replaceChildren(...entries.map(([each]) => {
        const swatch = el('span', { class: each.dash ? 'swatch dashed' : 'swatch', 'aria-hidden': 'true' });
        swatch.style.setProperty('--color', `var(${each.color})`);
        return el('li', {}, swatch, el('span', {}, each.name), el('strong', {}));
      }));
    }
    entries.forEach(([, value], i) => say(this.legend.children[i].lastChild, value));
    const at = index ?? last;
    this.plot.setAttribute('aria-valuemax', last);
    this.plot.setAttribute('aria-valuenow', at);
    this.plot.setAttribute('aria-valuetext', `${this.x.label} ${this.x.format(this.data.x[at])}: ${this.data.series.map((each) =>
      `${each.name} ${(each.format ?? this.y.format)(each.values[at], at)}`).join(', ')}`);
  }

  key(event) {
    const last = this.data.x.length - 1;
    const now = this.cursor ?? last;
    const moves = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: 0, End: last,
      PageUp: now - 10, PageDown: now + 10 };
    if (event.key in moves) {
      event.preventDefault();
      this.moveTo(Math.max(0, Math.min(last, moves[event.key])));
    } else if (event.key === 'Escape') {
      this.release();
    }
  }

  moveTo(index) {
    this.cursor = index;
    const value = this.data.series.map((each) => each.values[index]).find((each) => each != null) ?? 0;
    this.uplot.setCursor({ left: this.uplot.valToPos(this.data.x[index], 'x'), top: this.uplot.valToPos(value, 'y') });
    this.show(index);
  }

  release() {
    this.cursor = null;
    this.uplot?.setCursor({ left: -10, top: -10 });
    this.show(null);
  }

  fillTable() {
    if (!this.details.open) {
      return;
    }
    const heads = [this.x.label, ...this.data.series.map((each) => each.name)];
    const rows = this.data.x.map((x, i) => [this.x.format(x), ...this.data.series.map((each) =>
      (each.tableFormat ?? each.format ?? this.y.format)(each.values[i], i))]).reverse();
    this.tableElement.replaceChildren(...table(heads, rows, this.name));
  }
}
