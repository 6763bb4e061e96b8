// The fax machines: a form that sends a file, sendings under way, received faxes as pictures.
import { $, ask, choices, clock, el, pages, path } from "./dom.js";

let shown = null, lab = { machines: [], phone_book: {} };
const sendings = new Map();

export function start() {
  $("fax-form").addEventListener("submit", send);
  $("fax-from").addEventListener("change", paper);
  $("paper-out").addEventListener("click", () => refill("0"));
  $("paper-in").addEventListener("click", () => refill(""));
  list();
}

export function update(state) {
  lab = state;
  const book = Object.entries(state.phone_book);
  choices($("phone-book"), book.map(([name, numbers]) => [name, numbers.join(", ")]));
  choices($("fax-from"), state.machines.map((m) => [m.number, `${m.number}${m.name ? `, ${m.name}` : ""} (${m.state})`]));
  paper();
}

function paper() {
  const machine = lab.machines.find(({ number }) => number === $("fax-from").value);
  if (!machine) return;
  const sheets = machine.paper === null ? "Paper never ends." : machine.paper === 1 ? "1 sheet of paper." : `${machine.paper} sheets of paper.`;
  $("paper-state").textContent = machine.trouble ? `${sheets} Prints nothing: ${machine.trouble}.` : sheets;
  $("paper-state").className = machine.trouble ? "bad" : "";
  $("paper-out").disabled = machine.paper === 0;
}

async function refill(sheets) {
  const body = new FormData();
  body.set("sheets", sheets);
  await ask(path("fax", "machines", $("fax-from").value, "paper"), { method: "POST", body }).catch((error) => failed(error.message));
}

// To each number of a group in turn; the form is read before the first call.
async function send(event) {
  event.preventDefault();
  const form = new FormData(event.currentTarget), to = form.get("to").trim();
  const name = Object.keys(lab.phone_book).find((known) => known.toLowerCase() === to.toLowerCase());
  try {
    for (const called of name ? lab.phone_book[name] : [to]) {
      form.set("to", called);
      const { number } = await ask("/fax", { method: "POST", body: form });
      const sending = row(number);
      sending.to = called;
      paint(number);
      await sending.over;
    }
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
    let ended;
    const over = new Promise((resolve) => { ended = resolve; });
    sendings.set(number, { box, over, ended, to: "", facts: { state: "dialling", pages: 0, of_pages: 0, part: 0 } });
  }
  return sendings.get(number);
}

export function progress(told) {
  const sending = row(told.number);
  sending.facts = { ...sending.facts, ...told };
  if (sending.facts.state === "over") sending.ended();
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
  $("fax-view").replaceChildren(el("a", { class: "button", href: `/fax/${job.job}.tif`, download: true }, "Download TIFF"), " ",
    el("a", { class: "button", href: `/fax/${job.job}.pdf`, download: true }, "Download PDF"), el("div", { class: "pages" }, ...pictures));
}

export function picture(source, text) {
  return el("a", { href: source, target: "_blank", rel: "noopener" }, el("img", { src: source, alt: text, loading: "lazy" }));
}
