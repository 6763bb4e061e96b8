// Web mail of the lab's servers: a list, a message with its fax pages as pictures, a form that writes to FAX=NUMBER@ROUTER.
import { $, ask, choices, el, pages, path } from "./dom.js";
import { picture } from "./faxes.js";

let open = null, counts = "";

export function start() {
  $("mail-user").addEventListener("change", () => { close(); list(); });
  $("mail-write").addEventListener("click", () => {
    $("mail-form").hidden = !$("mail-form").hidden;
    if (!$("mail-form").hidden) $("mail-form").elements.to.focus();
  });
  $("mail-form").addEventListener("submit", send);
}

export function update(state) {
  const users = state.servers.flatMap((server) => Object.entries(server.users).map(([user, count]) => [`${user}@${server.domain}`, `${user}@${server.domain} (${count})`]));
  choices($("mail-user"), users);
  const now = JSON.stringify(users);
  if (now !== counts) { counts = now; list(); }
}

function close() {
  open = null;
  $("mail-view").replaceChildren();
}

async function list() {
  const user = $("mail-user").value;
  if (!user) return;
  const mails = await ask(path("mail", user)).catch(() => []);
  if (user !== $("mail-user").value) return;
  const rows = mails.map((mail) => el("li", {}, el("button", { type: "button", "aria-current": String(open === mail.number), onclick: () => view(user, mail.number) },
    el("span", {}, mail.subject || "(no subject)"), el("span", {}, `${Math.ceil(mail.size / 1024)} kB`),
    el("span", {}, mail.sender || "mail system"), el("span", {}, mail.date.replace(/^\w+, | [+-]\d{4}.*$/g, "")))));
  $("mail-list").replaceChildren(...(rows.length ? rows : [el("li", { class: "none" }, "This mailbox is empty.")]));
}

async function view(user, number) {
  let mail;
  try {
    mail = await ask(path("mail", user, number));
  } catch (error) {
    tell(error.message, false);
    return;
  }
  open = number;
  list();
  const fields = mail.fields.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
  const faxes = mail.faxes.flatMap((count, part) => [
    el("h3", {}, count ? `Fax of ${pages(count)}` : "A TIFF that cannot be read"),
    el("div", { class: "pages" }, ...Array.from({ length: count }, (_, page) => picture(path("mail", user, number, part, `${page + 1}.png`), `Page ${page + 1} of the fax in mail ${number}`))),
  ]);
  const others = mail.others.map((text) => el("p", { class: "quiet" }, `Attachment: ${text}`));
  $("mail-view").replaceChildren(el("dl", {}, ...fields), ...faxes, ...(mail.text.trim() ? [el("pre", { tabindex: 0 }, mail.text)] : []), ...others,
    el("a", { class: "button", href: path("mail", user, `${number}.eml`), download: true }, "Download message"));
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  try {
    await ask(path("mail", $("mail-user").value), { method: "POST", body: new FormData(form) });
    tell(`Mail to ${form.elements.to.value} is on its way.`, true);
    form.elements.text.value = ""; form.elements.file.value = "";
    form.hidden = true;
  } catch (error) {
    tell(error.message, false);
  }
}

function tell(text, good) {
  $("mail-told").textContent = text;
  $("mail-told").className = `told ${good ? "good" : "bad"}`;
}
