// How numbers and times are written.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A share as 80.0 %. */
export function percent(share, digits = 1) {
  return share == null ? '–' : `${(share * 100).toFixed(digits)} %`;
}

/** 12,345 */
export function count(number) {
  return number == null ? '–' : whole.format(number);
}

/** With about three digits that mean something. */
export function number(value) {
  if (value == null) {
    return '–';
  }
  if (Number.isInteger(value)) {
    return whole.format(value);
  }
  const size = Math.abs(value);
  return size >= 100 ? whole.format(value) : size >= 10 ? value.toFixed(1) : size >= 1 || size === 0 ? value.toFixed(2)
    : size >= 0.001 ? value.toFixed(3) : value.toExponential(1);
}

/** 2:05, or 1:02:05. */
export function duration(seconds) {
  const all = Math.max(0, Math.round(seconds));
  const two = (part) => String(part).padStart(2, '0');
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor(all / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}

/** How long ago, in one unit. */
export function ago(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 3 ? 'now' : seconds < 120 ? `${seconds} s ago` : seconds < 7200 ? `${Math.round(seconds / 60)} min ago`
    : seconds < 172800 ? `${Math.round(seconds / 3600)} h ago` : `${Math.round(seconds / 86400)} days ago`;
}

/** The time of day here. */
export function time(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** Date and time of day here. */
export function moment(milliseconds) {
  return new Date(milliseconds).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' });
}
