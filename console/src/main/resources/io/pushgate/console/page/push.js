// Sends a push and watches what becomes of it.

import { api } from "./api.js";
import { checkbox, el, field, showError } from "./dom.js";
import { isSettled, timelines } from "./timeline.js";

const WATCH_EVERY = 1000;
const WATCH_FOR = 120_000;

const TARGETS = [["device", "one device"], ["user", "all devices of a user"], ["group", "a group"], ["all", "all devices of the app"]];

export function push(view, { self, signal }) {
  const error = el("div");
  const result = el("div", { "aria-live": "polite" });
  const form = el("form", { class: "stacked", onsubmit: send },
    el("div", { class: "row" },
      field("App", { name: "app", required: true, value: self.app ?? "", readonly: Boolean(self.app) }),
      field("To", { name: "kind" }, { tag: "select", children: TARGETS.map(([value, text]) => el("option", { value }, text)) }),
      field("Name", { name: "name", required: true }, { wide: true })),
    field("Message id", { name: "id", required: true, value: newId() }),
    field("Data (JSON)", { name: "data", required: true, spellcheck: "false" }, { tag: "textarea", children: ['{"hello":"world"}'] }),
    el("div", { class: "row" },
      field("Seconds to live", { name: "ttl", type: "number", min: 1, max: 604800, placeholder: "604800" }),
      field("Priority", { name: "priority" }, { tag: "select", children: ["normal", "high", "bulk"].map(one => el("option", {}, one)) }),
      field("Collapse key", { name: "collapse" }),
      field("Not before", { name: "deliverAt", type: "datetime-local" })),
    checkbox("Only for the first device that acks it", { name: "firstAck" }),
    checkbox("Ask for receipts", { name: "receipt", checked: true }),
    checkbox("Trace: keep every step for 24 hours", { name: "trace" }),
    el("div", {}, el("button", { class: "primary" }, "Send")));
  view.append(el("h1", {}, "Send a push"), el("section", { class: "panel" }, form, error), result);

  const kind = form.elements.namedItem("kind");
  const name = form.elements.namedItem("name");
  kind.addEventListener("change", () => { name.disabled = kind.value === "all"; });

  async function send(event) {
    event.preventDefault();
    const data = form.elements.namedItem("data");
    data.setAttribute("aria-invalid", "false");
    error.replaceChildren();
    let body;
    try {
      body = request(form);
    } catch (problem) {
      data.setAttribute("aria-invalid", "true");
      data.focus();
      showError(error, new Error(`the data is no JSON: ${problem.message}`));
      return;
    }
    try {
      const accepted = await api.push(body);
      form.elements.namedItem("id").value = newId();
      result.replaceChildren(el("p", {}, `accepted: partition ${accepted.partition}, offset ${accepted.offset}`));
      watch(accepted.app, accepted.id, result, signal);
    } catch (problem) {
      showError(error, problem);
    }
  }
}

function newId() {
  return `console-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
}

/** The request as JSON text; the data goes in as it was written, large numbers and all. */
function request(form) {
  const given = Object.fromEntries(new FormData(form));
  JSON.parse(given.data);
  const fields = {
    id: given.id,
    app: given.app,
    to: given.kind === "all" ? { all: true } : { [given.kind]: given.name },
    ...(given.ttl ? { ttl: Number(given.ttl) } : {}),
    ...(given.priority === "normal" ? {} : { priority: given.priority }),
    ...(given.collapse ? { collapse: given.collapse } : {}),
    ...(given.deliverAt ? { deliverAt: new Date(given.deliverAt).getTime() } : {}),
    ...(given.firstAck ? { cancelOn: "first-ack" } : {}),
    ...(given.receipt ? { receipt: true } : {}),
    ...(given.trace ? { trace: true } : {}),
  };
  return `${JSON.stringify(fields).slice(0, -1)},"data":${given.data}}`;
}

let watching = 0;

async function watch(app, id, box, signal) {
  const mine = ++watching;
  const until = Date.now() + WATCH_FOR;
  while (mine === watching && !signal.aborted && Date.now() < until) {
    try {
      const message = await api.message(app, id);
      if (mine !== watching || signal.aborted) return;
      box.replaceChildren(...timelines(message));
      if (isSettled(message)) return;
    } catch (problem) {
      if (!problem.is("no-such-message")) return showError(box, problem);
    }
    await new Promise(resolve => setTimeout(resolve, WATCH_EVERY));
  }
}
