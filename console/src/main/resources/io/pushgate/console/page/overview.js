// What goes on now: connections, messages a second, how long each stage takes.

import { api } from "./api.js";
import { el, showError, table } from "./dom.js";
import { lines } from "./charts.js";

const REFRESH_EVERY = 2000;

export function overview(view, { self, signal }) {
  const error = el("div");
  const figures = el("dl", { class: "figures" });
  const rates = lines("Messages a second", "messages a second");
  const delays = lines("Stage latency, 99th percentile", "milliseconds");
  const tables = el("div", { class: "grid" });
  view.append(el("h1", {}, "Overview"), error, figures);
  if (self.admin) {
    view.append(el("div", { class: "grid" }, rates.panel, delays.panel));
  }
  view.append(tables);
  signal.addEventListener("abort", () => { rates.destroy(); delays.destroy(); });
  refresh();

  async function refresh() {
    while (!signal.aborted) {
      if (!document.hidden) {
        try {
          const stats = await api.stats();
          if (signal.aborted) return;
          error.replaceChildren();
          draw(stats);
        } catch (problem) {
          showError(error, problem);
        }
      }
      await new Promise(resolve => setTimeout(resolve, REFRESH_EVERY));
    }
  }

  function draw(stats) {
    const last = stats.samples?.at(-1);
    figures.replaceChildren(
      figure("connections", stats.connections.total),
      ...(stats.nodes == null ? [] : [figure("access nodes", stats.nodes)]),
      ...(last ? Object.entries(last.rates).map(([name, rate]) => figure(`${name} a second`, rounded(rate))) : []));
    tables.replaceChildren(
      ...["node", "app", "platform", "version"].filter(by => stats.connections[by]).map(by => breakdown(by, stats.connections[by])));
    if (self.admin) {
      const times = stats.samples.map(sample => sample.at);
      rates.draw(times, series(stats.samples, sample => sample.rates));
      delays.draw(times, series(stats.samples, sample => mapped(sample.stages, stage => stage.p99)));
    }
  }
}

function figure(name, value) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, String(value)));
}

function rounded(rate) {
  return rate >= 100 ? Math.round(rate) : Math.round(rate * 10) / 10;
}

function breakdown(by, counts) {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return el("section", { class: "panel" }, table(`Connections by ${by}`, [
    [by, ([name]) => name],
    ["connections", ([, count]) => String(count), "number"],
  ], rows));
}

function mapped(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

/** From one object a sample to one list of values a name. */
function series(samples, values) {
  const names = new Set(samples.flatMap(sample => Object.keys(values(sample))));
  return [...names].map(name => ({ name, values: samples.map(sample => values(sample)[name] ?? null) }));
}
