// The front of a router: slots, cards, port lamps, a light for each bearer and DSP channel.
import { $, el } from "./dom.js";

const LAMP = { on: "up", down: "down", off: "shut down" };
const USE = { c: "in a call", v: "voice", r: "fax relay", m: "store-and-forward fax" };
let drawn = "";

export function draw(router) {
  const text = JSON.stringify(router);
  if (text === drawn) return;
  drawn = text;
  $("router-facts").textContent = `${router.product}, hostname ${router.hostname}, ${router.address}` + (router.limit ? `. Limit: ${router.limit}` : "");
  const front = $("chassis").firstElementChild, at = front?.scrollTop ?? 0;
  const fresh = el("div", { class: "front", tabindex: 0, role: "group", "aria-label": `Front of ${router.name}` }, ...router.slots.map(slot));
  $("chassis").replaceChildren(fresh);
  fresh.scrollTop = at;
}

function slot({ slot: number, cards }) {
  const label = number === "" ? "CPU" : number;
  const inside = cards.length ? cards.map(card) : ["empty"];
  return el("div", { class: cards.length ? "slot" : "slot empty" }, el("div", { class: "label" }, label), el("div", { class: "cards" }, ...inside));
}

function card({ name, text, ports, dsp }) {
  const parts = [];
  if (ports.length) parts.push(el("div", { class: "ports" }, ...ports.map(port)));
  if (dsp) parts.push(el("div", {}, el("div", { class: "title" }, `DSP ${dsp.technology}, ${used(dsp.channels)}`), channels(dsp.channels)));
  return el("div", { class: "part" }, el("div", { class: "title", title: text }, name), ...parts);
}

function port({ name, lamp, channels: bearers }) {
  const line = el("span", { class: "port" }, el("span", { class: `led ${lamp}`, role: "img", "aria-label": LAMP[lamp], title: LAMP[lamp] }), name);
  return bearers.length > 1 ? el("div", {}, line, channels(bearers)) : line;
}

function channels(letters) {
  const lights = [...letters].map((letter) => el("i", letter === "." ? {} : { class: letter }));
  return el("div", { class: "channels", role: "img", "aria-label": used(letters), title: used(letters) }, ...lights);
}

function used(letters) {
  const counts = Object.entries(USE).map(([letter, text]) => [letters.split(letter).length - 1, text]).filter(([count]) => count);
  const busy = counts.reduce((sum, [count]) => sum + count, 0);
  return `${busy} of ${letters.length} in use${busy ? `: ${counts.map(([count, text]) => `${count} ${text}`).join(", ")}` : ""}`;
}
