// The access nodes: what each holds, and which are being emptied.

import { api } from "./api.js";
import { el, moment, showError, table } from "./dom.js";

const REFRESH_EVERY = 2000;

export function nodes(view, { signal }) {
  const box = el("section", { class: "panel" });
  view.append(el("h1", {}, "Access nodes"), box);
  refresh(box, signal);
}

async function refresh(box, signal) {
  while (!signal.aborted) {
    try {
      const { nodes: all } = await api.nodes();
      if (signal.aborted) return;
      const most = Math.max(1, ...all.map(node => node.connections));
      box.replaceChildren(table(`${all.length} live`, [
        ["Node", node => node.id],
        ["State", node => el("span", { class: `state ${node.draining ? "warn" : "good"}` }, node.draining ? "draining" : "serving")],
        ["Address", node => node.address],
        ["Region", node => node.region || "–"],
        ["Version", node => node.version],
        ["Started", node => moment(node.startedAt)],
        ["Connections", node => String(node.connections), "number"],
        ["Share", node => el("meter", { min: 0, max: most, value: node.connections, "aria-label": `${node.connections} connections` })],
      ], all, "no access node lives"));
    } catch (problem) {
      showError(box, problem);
    }
    await new Promise(resolve => setTimeout(resolve, REFRESH_EVERY));
  }
}
