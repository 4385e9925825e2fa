// How a message stands, for each of its devices.

import { el, facts, instant, moment } from "./dom.js";

const LOOKS = {
  delivered: "good", scheduled: "warn", waiting: "warn", unknown: "warn",
  expired: "bad", overflowed: "bad", rejected: "bad", recalled: "warn", superseded: "warn",
};

/** Whether nothing more will happen, and all that will be told of it is. */
export function isSettled(message) {
  return message.devices.length > 0 && message.devices.every(one =>
    !["scheduled", "waiting", "unknown"].includes(one.state) && !awaitsReceipt(message, one));
}

/** An ack is in the inbox at once; its receipt comes by way of Kafka. A trace makes receipts too. */
function awaitsReceipt(message, one) {
  return Boolean(one.inferred && (message.request?.receipt || message.request?.trace));
}

export function timelines(message) {
  const states = Object.entries(message.states).map(([state, count]) => `${count} ${state}`).join(", ");
  return [
    el("section", { class: "panel", "aria-labelledby": "request" },
      el("h2", { id: "request" }, `${message.app} / ${message.id}`),
      facts([
        ["devices", states || "none known yet"],
        ["accepted", message.request && moment(message.request.at)],
        ["in Kafka", message.request && `partition ${message.request.partition}, offset ${message.request.offset}`],
        ["receipts", message.request && (message.request.receipt ? "asked for" : "only of failures")],
        ["not listed", message.more ? `${message.more} more devices` : null],
      ])),
    ...message.devices.map(one => device(message, one)),
  ];
}

function device(message, one) {
  const path = `#/device/${encodeURIComponent(message.app)}/${encodeURIComponent(one.device)}`;
  return el("section", { class: "panel" },
    el("h2", {}, el("a", { href: path }, one.device)),
    el("p", {}, el("span", { class: `state ${LOOKS[one.state] ?? ""}` }, one.state),
      one.attempt ? ` after ${one.attempt} redeliveries` : "", one.why ? `: ${one.why}` : "",
      one.inferred ? ` (it left the inbox; ${awaitsReceipt(message, one) ? "its receipt is on its way" : "no receipt says more"})` : ""),
    one.steps.length ? el("ol", { class: "timeline" }, one.steps.map(step)) : null);
}

function step(one) {
  return el("li", {}, one.at ? instant(one.at) : null, el("strong", {}, one.step),
    one.node ? ` at ${one.node}` : "", one.detail ? el("span", { class: "note" }, ` ${one.detail}`) : null);
}
