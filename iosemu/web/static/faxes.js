// The fax machines: a form that sends a file, sendings under way, received faxes as pictures.
import { $, ask, choices, clock, el, pages } from "./dom.js";

let shown = null;
const sendings = new Map();

export function start() {
  $("fax-form").addEventListener("submit", send);
  list();
}

export function update(state) {
  choices($("fax-from"), state.machines.map((m) => [m.number, `${m.number}${m.name ? `, ${m.name}` : ""} (${m.state})`]));
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  try {
    const to = form.elements.to.value;
    const { number } = await ask("/fax", { method: "POST", body: new FormData(form) });
    row(number).to = to;
    paint(number);
  } catch (error) {
    failed(error.message);
  }
}

function failed(text) {
  const box = el("div", { class: "sending bad", role: "alert" }, el("span", {}, text));
  box.append(el("button", { type: "button", onclick: () => box.remove() }, "Dismiss"));
  $("sendings").prepend(box);
}

function row(number) {
  if (!sendings.has(number)) {
    const box = el("div", { class: "sending" });
    $("sendings").prepend(box);
    sendings.set(number, { box, to: "", facts: { state: "dialling", pages: 0, of_pages: 0, part: 0 } });
  }
  return sendings.get(number);
}

export function progress(told) {
  const sending = row(told.number);
  sending.facts = { ...sending.facts, ...told };
  paint(told.number);
}

function paint(number) {
  const { box, facts, to } = sendings.get(number);
  const over = facts.state === "over", rate = facts.rate_bps ? `, ${facts.rate_bps} bit/s` : "";
  const what = over ? (facts.cause ? `failed after ${pages(facts.pages)}: ${facts.cause}` : `${pages(facts.pages)} sent and confirmed`)
    : `${facts.state}, page ${Math.min(facts.pages + 1, facts.of_pages || 1)} of ${facts.of_pages || "…"}${rate}`;
  const name = `${facts.machine ?? ""}${to ? ` to ${to}` : ""}`;
  box.className = over && facts.cause ? "sending bad" : "sending";
  const action = over ? el("button", { type: "button", onclick: () => { box.remove(); sendings.delete(number); } }, "Dismiss")
    : el("button", { type: "button", onclick: () => ask(`/fax/sending/${number}`, { method: "DELETE" }).catch(() => {}) }, "Hang up");
  const bar = el("progress", { max: facts.of_pages || 1, "aria-label": `Fax ${name}` });
  bar.value = over ? (facts.cause ? facts.pages : facts.of_pages || 1) : facts.pages + (facts.part || 0);
  box.replaceChildren(el("span", {}, `${name}: ${what}`), action, bar);
}

export async function list() {
  const jobs = await ask("/fax").catch(() => []);
  const rows = jobs.map((job) => el("li", {}, el("button", { type: "button", "aria-current": String(shown === job.job), onclick: () => view(job) },
    el("span", {}, `Job ${job.job} on ${job.machine}, ${pages(job.pages)}`), el("span", {}, clock(job.ended)),
    el("span", {}, `from ${job.remote_id || job.calling || "unknown"}, ${job.rate_bps} bit/s`), el("span", {}, job.cause || "complete"))));
  $("fax-list").replaceChildren(...(rows.length ? rows : [el("li", { class: "none" }, "No fax has been received.")]));
}

function view(job) {
  shown = job.job;
  list();
  const pictures = Array.from({ length: job.pages }, (_, index) => picture(`/fax/${job.job}/${index + 1}.png`, `Page ${index + 1} of job ${job.job}`));
  $("fax-view").replaceChildren(el("a", { class: "button", href: `/fax/${job.job}.tif`, download: true }, "Download TIFF"), el("div", { class: "pages" }, ...pictures));
}

export function picture(source, text) {
  return el("a", { href: source, target: "_blank", rel: "noopener" }, el("img", { src: source, alt: text, loading: "lazy" }));
}
