// Line charts over time, and the same numbers as a table for those who can't see them.

import { el, table } from "./dom.js";

const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3], [1, 1], [12, 4]];

function colours() {
  const style = getComputedStyle(document.documentElement);
  const probe = name => {
    // A canvas does not know light-dark(); the browser resolves it for a colour property.
    const span = el("span");
    span.style.color = style.getPropertyValue(name);
    document.body.append(span);
    const resolved = getComputedStyle(span).color;
    span.remove();
    return resolved;
  };
  return {
    lines: ["--accent", "--good", "--warn", "--bad", "--soft", "--text"].map(probe),
    text: probe("--soft"),
    grid: probe("--line"),
  };
}

/** A panel with a chart; draw(times, [{name, values}]) fills it anew. */
export function lines(title, unit) {
  const canvas = el("canvas", { role: "img", "aria-label": `${title}; the numbers are in the table below` });
  const numbers = el("div");
  const panel = el("section", { class: "panel" }, el("h2", {}, title), el("div", { class: "chart" }, canvas),
    el("details", {}, el("summary", {}, "Latest numbers"), numbers));
  let chart = null;
  const repaint = () => { chart?.destroy(); chart = null; };
  window.addEventListener("theme", repaint);

  function create() {
    const { text, grid } = colours();
    const axis = { ticks: { color: text }, grid: { color: grid } };
    return new window.Chart(canvas, {
      type: "line",
      data: { labels: [], datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        elements: { point: { radius: 0 }, line: { borderWidth: 2 } },
        scales: {
          x: { ...axis, ticks: { ...axis.ticks, maxTicksLimit: 6, maxRotation: 0 } },
          y: { ...axis, beginAtZero: true, title: { display: true, text: unit, color: text } },
        },
        plugins: { legend: { labels: { color: text, boxHeight: 1 } } },
      },
    });
  }

  return {
    panel,
    draw(times, series) {
      chart ??= create();
      const { lines: palette } = colours();
      chart.data.labels = times.map(at => new Date(at).toLocaleTimeString());
      chart.data.datasets = series.map(({ name, values }, i) => ({
        label: name.replaceAll("_", " "),
        data: values,
        borderColor: palette[i % palette.length],
        borderDash: DASHES[i % DASHES.length],
        spanGaps: true,
      }));
      chart.update("none");
      numbers.replaceChildren(table(title, [
        ["line", one => one.name.replaceAll("_", " ")],
        [unit, one => String(Math.round((one.values.at(-1) ?? 0) * 10) / 10), "number"],
      ], series));
    },
    destroy() {
      window.removeEventListener("theme", repaint);
      chart?.destroy();
      chart = null;
    },
  };
}
