// The lab as a drawing: fax machines, exchange, routers, switches, hosts and mail servers; wide from left to right, narrow
// downwards. A lab without links has one network that reaches everybody.
import { $, svg } from "./dom.js";

const BOX = { width: 196, height: 52 }, PILL = { width: 92, height: 30 }, GAP = 14, NARROWEST = 150, SHOWN_MS = 900;
let drawn = "", cables = [], lamps = new Map();

export function draw(state, chosen, choose) {
  const holder = $("topology");
  const wide = holder.clientWidth >= 760;
  const shape = JSON.stringify([holder.clientWidth, state.machines.map((m) => [m.number, m.name]), state.routers.map((r) => r.name),
    state.servers.map((s) => s.name), state.hosts, state.links, state.trunks.map((t) => [t.router, t.jack])]);
  if (shape !== drawn) {
    drawn = shape;
    holder.replaceChildren(build(state, wide, holder.clientWidth, choose));
  }
  light(state, chosen);
}

function build(state, wide, room, choose) {
  cables = []; lamps = new Map();
  const switches = state.links.flatMap((link, index) => (link.switch ? [{ key: `switch ${index}`, pill: "switch" }] : []));
  const columns = [
    state.machines.map((m) => ({ key: `fax ${m.number}`, name: m.name || "fax machine", fact: m.number, plays: true })),
    [{ cloud: "Telephone network", key: "pstn" }],
    state.routers.map((r) => ({ key: r.name, name: r.name, fact: `${r.product}  ${r.address}`, plays: true })),
    state.links.length ? switches : [{ cloud: "Network", key: "network" }],
    [...state.hosts.map((h) => ({ key: h.name, name: h.name, fact: h.addresses.map((each) => each.split("/")[0]).join(", ") })),
      ...state.servers.map((s) => ({ key: s.name, name: s.name, fact: s.address, plays: true, mail: true }))],
  ];
  const per = wide ? 1 : Math.max(1, Math.floor((room + GAP) / (NARROWEST + GAP)));
  const box = wide ? BOX : { width: (room - GAP * (per - 1) - 4) / per, height: BOX.height };
  const size = place(columns, wide, room, box, per);
  const root = svg("svg", { viewBox: `0 0 ${size.width} ${size.height}`, role: "group", "aria-label": "Nodes and cables of the lab" });
  const spot = new Map(columns.flat().map((node) => [node.key, node]));
  const join = (from, to, names) => { if (spot.has(from) && spot.has(to)) cable(root, spot.get(from), spot.get(to), wide, names); };
  for (const machine of columns[0]) join(machine.key, "pstn", [machine.key]);
  for (const router of new Set(state.trunks.map((trunk) => trunk.router))) join(router, "pstn", [`trunk ${router}`]);
  state.links.forEach(({ ends, switch: switched }, index) => {
    const names = ends.map((end) => end.split(" ")[0]);
    if (switched) for (const name of names) join(name, `switch ${index}`, [`net ${name}`]);
    else join(names[0], names[1], names.map((name) => `net ${name}`));
  });
  if (!state.links.length) for (const node of [...columns[2], ...columns[4]]) join(node.key, "network", [`net ${node.key}`]);
  for (const node of columns.flat()) root.append(node.cloud ? cloud(node) : node.pill ? pill(node) : shapeOf(node, box, choose));
  return root;
}

function place(columns, wide, room, box, per) {
  if (wide) {
    const tallest = Math.max(...columns.map((column) => column.length)) * (box.height + GAP) - GAP + 8;
    const centres = [box.width / 2 + 2, room * 0.29, room / 2, room * 0.71, room - box.width / 2 - 2];
    columns.forEach((column, index) => {
      const height = column.length * (box.height + GAP) - GAP;
      column.forEach((node, row) => {
        node.x = centres[index];
        node.y = 4 + (tallest - 8 - height) / 2 + row * (box.height + GAP) + box.height / 2;
      });
    });
    return { width: room, height: Math.max(tallest, 120) };
  }
  let top = 4;
  for (const column of columns) {
    column.forEach((node, index) => {
      const row = Math.floor(index / per), count = Math.min(per, column.length - row * per);
      node.x = room / 2 + ((index % per) - (count - 1) / 2) * (box.width + GAP);
      node.y = top + row * (box.height + GAP) + box.height / 2;
    });
    top += Math.ceil(column.length / per) * (box.height + GAP) + 18;
  }
  return { width: room, height: top - 24 };
}

function cable(root, from, to, wide, names) {
  const middle = (a, b) => (a + b) / 2;
  const aside = 90;  // between nodes of one column: round the outside
  let bend;
  if (wide) bend = from.x === to.x ? `C ${from.x - aside - 60} ${from.y}, ${to.x - aside - 60} ${to.y}` : `C ${middle(from.x, to.x)} ${from.y}, ${middle(from.x, to.x)} ${to.y}`;
  else bend = from.y === to.y ? `C ${from.x} ${from.y - aside / 2}, ${to.x} ${to.y - aside / 2}` : `C ${from.x} ${middle(from.y, to.y)}, ${to.x} ${middle(from.y, to.y)}`;
  const line = svg("path", { class: "cable", d: `M ${from.x} ${from.y} ${bend}, ${to.x} ${to.y}` });
  cables.push({ line, names });
  root.append(line);
}

function cloud(node) {
  return svg("g", { class: "cloud" }, svg("ellipse", { cx: node.x, cy: node.y, rx: 78, ry: 25 }),
    svg("text", { x: node.x, y: node.y + 4, "text-anchor": "middle" }, node.cloud));
}

function pill(node) {
  return svg("g", { class: "pill" }, svg("rect", { x: node.x - PILL.width / 2, y: node.y - PILL.height / 2, width: PILL.width, height: PILL.height, rx: 15 }),
    svg("text", { x: node.x, y: node.y + 4, "text-anchor": "middle" }, node.pill));
}

function shapeOf(node, box, choose) {
  const left = node.x - box.width / 2, top = node.y - box.height / 2;
  const lamp = svg("circle", { class: "lamp", cx: left + box.width - 14, cy: top + 15, r: 5 });
  const press = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(node.key); } };
  const plays = { class: "node", role: "button", tabindex: 0, "aria-label": `${node.name}, ${node.fact}`, onclick: () => choose(node.key), onkeydown: press };
  const group = svg("g", node.plays ? plays : { class: "node still" }, svg("rect", { x: left, y: top, width: box.width, height: box.height, rx: 5 }),
    svg("text", { class: "name", x: left + 12, y: top + 21 }, cut(node.name, box.width - 40)),
    svg("text", { class: "fact", x: left + 12, y: top + 39 }, cut(node.fact, box.width - 12)),
    svg("title", {}, `${node.name}, ${node.fact}`));
  if (node.plays) { group.append(lamp); lamps.set(node.key, { lamp, group, mail: node.mail }); }
  return group;
}

const cut = (text, width) => (text.length * 7.1 > width ? `${text.slice(0, Math.floor(width / 7.1) - 1)}…` : text);

function light(state, chosen) {
  const lit = (cable, key, busy) => {
    for (const { line, names } of cables) if (names.includes(cable)) line.classList.toggle("busy", busy);
    lamps.get(key)?.lamp.classList.toggle("lit", busy);
  };
  for (const machine of state.machines) lit(`fax ${machine.number}`, `fax ${machine.number}`, machine.in_call);
  for (const router of state.routers) {
    const busy = state.trunks.some((trunk) => trunk.router === router.name && trunk.busy > 0);
    lit(`trunk ${router.name}`, router.name, busy);
  }
  for (const [key, { group }] of lamps) group.classList.toggle("chosen", key === chosen);
}

// A step of a mail session was told: show the cables of its nodes for a moment.
export function flash(...nodes) {
  for (const cable of cables) if (cable.names.some((name) => nodes.includes(name.slice(4)) && name.startsWith("net "))) {
    cable.line.classList.add("flash");
    clearTimeout(cable.timer);
    cable.timer = setTimeout(() => cable.line.classList.remove("flash"), SHOWN_MS);
  }
  for (const node of nodes.map((name) => lamps.get(name)).filter((found) => found?.mail)) {
    node.lamp.classList.add("lit");
    clearTimeout(node.timer);
    node.timer = setTimeout(() => node.lamp.classList.remove("lit"), SHOWN_MS);
  }
}
