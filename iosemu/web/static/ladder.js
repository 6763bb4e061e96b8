// The call ladder: a lane a node, steps as arrows between lanes or notes on one, in the order in which they happened.
import { $, choices, clock, el } from "./dom.js";

const MOST = 5000, AT_ONCE = 2000;
const CLASS = { call: "k-call", "Q.931": "k-call", "T.30": "k-t30", SMTP: "k-smtp" };
let rungs = [], calls = new Map(), asked = false;

export function start() {
  $("call-choice").addEventListener("change", () => { $("call-follow").checked = false; soon(); });
  $("call-follow").addEventListener("change", soon);
}

export function backlog(messages) {
  rungs = []; calls = new Map();
  for (const message of messages) take(message);
}

export function take({ rung, call }) {
  if (call) {
    if (!calls.has(call.number) && $("call-follow").checked) setTimeout(() => follow(call.number));
    calls.set(call.number, call);
  }
  if (rung) {
    rungs.push(rung);
    if (rungs.length > MOST) rungs.shift();
  }
  soon();
}

function follow(number) {
  soon();
  requestAnimationFrame(() => { if ($("call-follow").checked) { $("call-choice").value = String(number); soon(); } });
}

// At most one drawing a frame, and none while nobody sees it.
export function soon() {
  if (asked || $("panel-ladder").hidden) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; draw(); });
}

const title = (call) => `${call.number}: ${call.calling || "unknown"} to ${call.called || "unknown"}`;

function draw() {
  const newest = [...calls.values()].reverse();
  choices($("call-choice"), [...newest.map((call) => [String(call.number), title(call)]), ["all", "Everything"]]);
  if ($("call-follow").checked && newest.length) $("call-choice").value = String(newest[0].number);
  const call = calls.get(Number($("call-choice").value));
  const own = call ? rungs.filter((rung) => call.threads.includes(rung.thread)) : rungs.slice(-AT_ONCE);
  $("call-facts").textContent = call ? `Began ${clock(call.began)}, ${call.ended ? `over ${clock(call.ended)}` : "under way"}` : "";
  const lanes = order(own, call);
  const list = el("ol", {}, ...own.map((rung) => step(rung, lanes)));
  const heads = el("div", { class: "lanes" }, el("span", {}, "Time"), ...lanes.map((lane) => el("span", {}, lane)));
  const holder = $("ladder"), low = holder.scrollTop + holder.clientHeight > holder.scrollHeight - 40;
  holder.style.setProperty("--lanes", Math.max(lanes.length, 1));
  holder.replaceChildren(...(own.length ? [heads, list] : [el("p", { class: "quiet none" }, "No call yet. Send a fax or a mail.")]));
  if (low && !call?.ended) holder.scrollTop = holder.scrollHeight;
}

// The router stands in the middle, the telephone side on its left, the mail side on its right.
function order(own, call) {
  const left = new Set(), right = new Set(), middle = new Set();
  for (const rung of own) {
    const side = rung.kind === "SMTP" || rung.kind === "mail" ? right : left;
    for (const lane of [rung.source, rung.target]) if (lane) side.add(lane);
  }
  for (const lane of left) if (right.has(lane) || lane === call?.router) middle.add(lane);
  for (const lane of middle) { left.delete(lane); right.delete(lane); }
  return [...left, ...middle, ...right];
}

function step(rung, lanes) {
  const from = lanes.indexOf(rung.source), to = rung.target ? lanes.indexOf(rung.target) : from;
  const first = Math.min(from, to), span = Math.abs(from - to) + 1;
  const way = rung.target ? `step arrow ${to > from ? "right" : "left"}` : "step note";
  const said = rung.target ? `${rung.source} to ${rung.target}: ` : `${rung.source}: `;
  const body = el("div", { class: `${way} ${CLASS[rung.kind] ?? ""}`, title: rung.detail }, el("span", { class: "only-read" }, said), el("b", {}, rung.label));
  if (rung.detail) body.append(el("small", {}, rung.detail));
  body.style.gridColumn = `${first + 2} / span ${span}`;
  body.style.setProperty("--span", span);
  const posts = lanes.map((_, index) => { const post = el("span", { class: "post" }); post.style.gridColumn = index + 2; return post; });
  return el("li", {}, el("time", { datetime: rung.at }, rung.at.slice(11, 23)), ...posts, body);
}
