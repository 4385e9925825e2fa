// Makes elements from data. Text is always text: nothing that came over the network is read as HTML.

/** el("p", {class: "note"}, "text", child, …); null children are left out, on… are listeners. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), value);
    } else if (value === true) {
      element.setAttribute(key, "");
    } else if (value !== false && value != null) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat(Infinity).filter(child => child != null));
  return element;
}

/** A labelled field; the field's attributes are those of an input unless a tag is named. */
export function field(label, attributes, { tag = "input", wide = false, children = [] } = {}) {
  const input = el(tag, attributes, ...children);
  return el("label", wide ? { class: "wide" } : {}, label, input);
}

export function checkbox(label, attributes) {
  return el("label", { class: "check" }, el("input", { type: "checkbox", ...attributes }), label);
}

/** A table; columns are [title, row => cell, "number"?]. */
export function table(caption, columns, rows, empty = "none") {
  const head = el("tr", {}, columns.map(([title, , kind]) => el("th", { scope: "col", class: kind }, title)));
  const body = rows.length
    ? rows.map(row => el("tr", {}, columns.map(([, cell, kind]) => el("td", { class: kind }, cell(row)))))
    : el("tr", {}, el("td", { colspan: columns.length }, empty));
  return el("table", {}, el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, body));
}

/** Pairs of a term and what it is; those that are null are left out. */
export function facts(pairs) {
  return el("dl", { class: "facts" }, pairs.filter(([, value]) => value != null)
    .map(([term, value]) => [el("dt", {}, term), el("dd", {}, value)]));
}

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

const timeOfDay = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23",
});

/** A moment given in epoch milliseconds. */
export function moment(at) {
  if (at == null) return "–";
  const date = new Date(at);
  return el("time", { datetime: date.toISOString() }, clock.format(date));
}

/** Time of day with milliseconds, for timelines. */
export function instant(at) {
  const date = new Date(at);
  return el("time", { datetime: date.toISOString() }, timeOfDay.format(date));
}

/** Says something to everybody, screen readers included. */
export function announce(text) {
  const status = document.getElementById("status");
  status.textContent = text;
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => { status.textContent = ""; }, 6000);
}

/** Shows in a box what went wrong, in the server's own words. */
export function showError(box, error) {
  box.replaceChildren(el("p", { class: "error", role: "alert" }, error.message));
}

/** Asks before something that can't be undone; resolves to true or false. */
export function confirm(question, action) {
  return new Promise(resolve => {
    const dialog = el("dialog", { "aria-labelledby": "question" },
      el("form", { method: "dialog" },
        el("p", { id: "question" }, question),
        el("div", { class: "row" },
          el("button", { value: "no" }, "Cancel"),
          el("button", { class: "danger", value: "yes" }, action))));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
