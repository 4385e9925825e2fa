// Finds a message: where it is, and why it did not arrive.

import { api } from "./api.js";
import { announce, confirm, el, field, showError } from "./dom.js";
import { timelines } from "./timeline.js";

export function message(view, { self, args: [app = self.app ?? "", id = "", device = ""] }) {
  const result = el("div", { "aria-live": "polite" });
  const form = el("form", { onsubmit: event => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    find(given.app, given.id, given.device, result);
  } },
  field("App", { name: "app", required: true, value: app, readonly: Boolean(self.app) }),
  field("Message id", { name: "id", required: true, value: id }, { wide: true }),
  field("Device (where receipts were not asked for)", { name: "device", value: device }, { wide: true }),
  el("button", { class: "primary" }, "Find"));
  view.append(el("h1", {}, "Find a message"), el("section", { class: "panel" }, form), result);
  if (app && id) find(app, id, device, result);
}

async function find(app, id, device, box) {
  try {
    const found = await api.message(app, id, device);
    box.replaceChildren(...timelines(found), el("p", {}, el("button", {
      class: "danger",
      type: "button",
      onclick: () => recall(app, id, device, box),
    }, "Recall from devices that do not have it yet")));
  } catch (problem) {
    showError(box, problem);
  }
}

async function recall(app, id, device, box) {
  if (!await confirm(`Recall ${id}? Devices that wait for it will not get it.`, "Recall")) return;
  try {
    const { known, states } = await api.recall(app, id);
    const answers = Object.entries(states).map(([state, count]) => `${count} ${state}`).join(", ");
    announce(known ? `${id}: ${answers || "on its way to be recalled"}` : `${id} is not known; it is recalled when it comes`);
    await find(app, id, device, box);
  } catch (problem) {
    announce(`not recalled: ${problem.message}`);
  }
}
