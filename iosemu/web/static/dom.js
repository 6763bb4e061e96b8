// Making elements, and asking the lab. Text only ever goes in as text.

const SVG = "http://www.w3.org/2000/svg";

export const $ = (id) => document.getElementById(id);

export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

// The options of a select, keeping what was chosen.
export function choices(select, options) {
  const text = JSON.stringify(options);
  if (select.dataset.options === text) return;
  select.dataset.options = text;
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, label]) => el("option", { value }, label)));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

export async function ask(path, settings = {}) {
  let answer;
  try {
    answer = await fetch(path, settings);
  } catch {
    throw new Error("The lab does not answer.");
  }
  const values = await answer.json();
  if (!answer.ok) throw new Error(values.error);
  return values;
}

export const clock = (iso) => iso.slice(11, 19);
export const path = (...parts) => "/" + parts.map(encodeURIComponent).join("/");
export const pages = (count) => `${count} page${count === 1 ? "" : "s"}`;
