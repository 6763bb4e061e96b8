// The lab page: keeps a websocket to the lab and hands what it tells to the parts of the page.
import { draw as drawChassis } from "./chassis.js";
import { $, choices } from "./dom.js";
import * as faxes from "./faxes.js";
import * as ladder from "./ladder.js";
import * as mail from "./mail.js";
import * as terminal from "./terminal.js";
import { draw as drawTopology, flash } from "./topology.js";

let state = null, line = "console";

function live() {
  const socket = new WebSocket(new URL("/live", location.href.replace(/^http/, "ws")));
  socket.onopen = () => { $("fact-link").textContent = ""; faxes.list(); };
  socket.onmessage = ({ data }) => take(JSON.parse(data));
  socket.onclose = () => { $("fact-link").textContent = "The lab does not answer; trying again."; setTimeout(live, 2000); };
}

function take(message) {
  if (message.state) { state = message.state; show(); }
  if (message.backlog) ladder.backlog(message.backlog);
  if (message.sending) faxes.progress(message.sending);
  if (message.rung || message.call) ladder.take(message);
  if (message.rung?.kind === "SMTP") flash(message.rung.source, message.rung.target);
  if (message.rung?.kind === "fax machine" && message.rung.label.startsWith("received")) faxes.list();
}

function show() {
  document.title = `${state.name}, iosemu lab`;
  $("lab-name").textContent = state.name;
  $("fact-calls").textContent = `Calls ${state.calls}`;
  $("fact-mail").textContent = `Mail waiting ${state.waiting}`;
  choices($("router-choice"), state.routers.map((router) => [router.name, router.name]));
  const router = state.routers.find(({ name }) => name === $("router-choice").value);
  drawTopology(state, router?.name, choose);
  if (router) { drawChassis(router); terminal.connect(router.name, line); }
  faxes.update(state);
  mail.update(state);
}

function choose(key) {
  if (key.startsWith("fax ")) { tab("fax"); $("fax-from").value = key.slice(4); $("fax-to").focus(); }
  else if (state.routers.some(({ name }) => name === key)) { $("router-choice").value = key; show(); }
  else { tab("mail"); $("mail-user").focus(); }
}

function chooseLine(chosen) {
  line = chosen;
  for (const name of ["console", "vty"]) $(`line-${name}`).setAttribute("aria-pressed", String(name === chosen));
  if (state) show();
}

const TABS = ["fax", "mail", "ladder"];

function tab(chosen, focus = false) {
  for (const name of TABS) {
    const own = name === chosen;
    $(`tab-${name}`).setAttribute("aria-selected", String(own));
    $(`tab-${name}`).tabIndex = own ? 0 : -1;
    $(`panel-${name}`).hidden = !own;
  }
  if (focus) $(`tab-${chosen}`).focus();
  ladder.soon();
}

function theme(chosen) {
  if (chosen) document.documentElement.dataset.theme = chosen;
}

function start() {
  theme(localStorage.getItem("theme"));
  $("theme").addEventListener("click", () => {
    const dark = (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    localStorage.setItem("theme", dark ? "light" : "dark");
    theme(dark ? "light" : "dark");
  });
  for (const [index, name] of TABS.entries()) {
    $(`tab-${name}`).addEventListener("click", () => tab(name));
    $(`tab-${name}`).addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (step) tab(TABS[(index + step + TABS.length) % TABS.length], true);
    });
  }
  for (const name of ["console", "vty"]) $(`line-${name}`).addEventListener("click", () => chooseLine(name));
  $("router-choice").addEventListener("change", show);
  $("reconnect").addEventListener("click", () => terminal.connect($("router-choice").value, line, true));
  new ResizeObserver(() => { if (state) drawTopology(state, $("router-choice").value, choose); }).observe($("topology"));
  for (const part of [terminal, faxes, mail, ladder]) part.start();
  live();
}

start();
