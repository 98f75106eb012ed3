// Elements are made of text, never of markup: what is shown comes from topics that anybody may have written.

/** An element; attributes that are null are left out, children may be strings, elements and null. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value != null && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.flat().filter((child) => child != null));
  return element;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Sets a text only where it differs, so that nothing is announced or selected anew. */
export function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Rows of a table: heads are strings, cells strings or elements; the first cell of a row is its header. */
export function table(heads, rows, caption) {
  return [
    el('caption', { class: 'hidden' }, caption),
    el('thead', {}, el('tr', {}, heads.map((head) => el('th', { scope: 'col' }, head)))),
    el('tbody', {}, rows.map((row) => el('tr', {}, row.map((cell, index) =>
      (index === 0 ? el('th', { scope: 'row' }, cell) : el('td', {}, cell)))))),
  ];
}
