// Finds a device: whether it is online, what waits for it, what it was sent.

import { api } from "./api.js";
import { announce, confirm, el, facts, field, moment, showError, table } from "./dom.js";

export function device(view, { self, args: [app = self.app ?? "", name = ""] }) {
  const result = el("div", { "aria-live": "polite" });
  const form = el("form", { onsubmit: event => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    find(given.app, given.device, result);
  } },
  field("App", { name: "app", required: true, value: app, readonly: Boolean(self.app) }),
  field("Device", { name: "device", required: true, value: name }, { wide: true }),
  el("button", { class: "primary" }, "Find"));
  view.append(el("h1", {}, "Find a device"), el("section", { class: "panel" }, form), result);
  if (app && name) find(app, name, result);
}

async function find(app, name, box) {
  try {
    const found = await api.device(app, name);
    box.replaceChildren(...shown(found, box));
  } catch (problem) {
    showError(box, problem);
  }
}

function shown(found, box) {
  const link = one => el("a", {
    href: `#/message/${[found.app, one.id, found.device].map(encodeURIComponent).join("/")}`,
  }, one.id);
  const kick = el("button", { class: "danger", type: "button", onclick: () => kickOut(found, box) }, "Kick");
  return [
    el("section", { class: "panel" },
      el("h2", {}, `${found.app} / ${found.device}`),
      el("p", {}, el("span", { class: `state ${found.online ? "good" : "warn"}` }, found.online ? "online" : "offline")),
      facts([
        ["node", found.node],
        ["session", found.session],
        ["connected since", found.since && moment(found.since)],
        ["last seen", found.lastSeen && moment(found.lastSeen)],
        ["platform", found.platform],
        ["client version", found.version],
        ["user", found.user],
        ["groups", found.groups.join(", ")],
        ["messages waiting", String(found.backlog)],
      ]),
      found.session ? el("p", {}, kick) : null),
    el("section", { class: "panel" }, table("Waiting, the oldest first", [
      ["Message", link],
      ["Accepted", one => moment(one.acceptedAt)],
      ["Expires", one => moment(one.expiresAt)],
    ], found.waiting, "nothing waits")),
    el("section", { class: "panel" }, table("Sent today and yesterday, the newest first", [
      ["Message", link],
      ["Offered", one => moment(one.offeredAt)],
      ["State", one => one.waiting ? "waiting" : "left the inbox"],
    ], found.recent, "nothing"),
    found.recentPartly ? el("p", { class: "note" }, "A day with more than 1000 messages is not listed.") : null),
  ];
}

async function kickOut(found, box) {
  if (!await confirm(`Close the connection of ${found.device}? Its client will not reconnect by itself.`, "Kick")) return;
  try {
    const kicked = await api.kick(found.app, found.device);
    announce(kicked.closed ? `${found.device} was kicked` : `${found.device} was told, but its session has not ended yet`);
  } catch (problem) {
    announce(`not kicked: ${problem.message}`);
  }
  await find(found.app, found.device, box);
}
