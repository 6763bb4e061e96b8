// A router's console or vty: xterm.js on a websocket that is a telnet client of the line.
import { FitAddon } from "./vendor/xterm/addon-fit.mjs";
import { Terminal } from "./vendor/xterm/xterm.mjs";
import { $, path } from "./dom.js";

const terminal = new Terminal({
  cursorBlink: true, convertEol: false, scrollback: 5000, screenReaderMode: true, fontSize: 12.5,
  fontFamily: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace',
  theme: { background: "#0b0f10", foreground: "#d6e2dd", cursor: "#7be0b0", selectionBackground: "#2c4a48" },
});
const fit = new FitAddon();
const utf8 = new TextEncoder();
const PIECE = 16384;
let socket = null, at = "";

export function start() {
  terminal.loadAddon(fit);
  terminal.open($("terminal"));
  new ResizeObserver(() => fit.fit()).observe($("terminal"));
  terminal.onData(type);
  terminal.onResize(tellSize);
  terminal.attachCustomKeyEventHandler((event) => {
    if (!(event.ctrlKey && event.key === "]")) return true;
    if (event.type === "keydown") { event.preventDefault(); terminal.blur(); $("line-console").focus(); }
    return false;
  });
}

export function connect(router, line, again = false) {
  if (!again && at === `${router} ${line}`) return;
  at = `${router} ${line}`;
  socket?.close();
  terminal.reset();
  $("reconnect").hidden = true;
  const opened = new WebSocket(new URL(path("terminal", router, line), location.href.replace(/^http/, "ws")));
  opened.binaryType = "arraybuffer";
  opened.onopen = () => { tellSize(); };
  opened.onmessage = ({ data }) => { if (opened === socket) terminal.write(new Uint8Array(data)); };
  opened.onclose = () => {
    if (opened !== socket) return;
    terminal.write("\r\n[connection closed]\r\n");
    $("reconnect").hidden = false;
  };
  socket = opened;
}

// A pasted configuration goes out in pieces: the lab takes no frame of any length.
function type(typed) {
  const octets = utf8.encode(typed);
  for (let start = 0; start < octets.length; start += PIECE) send(octets.subarray(start, start + PIECE));
}

function send(what) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(what);
}

function tellSize() {
  send(JSON.stringify([terminal.cols, terminal.rows]));
}
