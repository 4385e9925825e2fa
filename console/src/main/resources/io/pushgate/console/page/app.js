// Signs in, then shows the view that the address names: #/device/shop/pos-7 is view "device" with two arguments.

import { api, key } from "./api.js";
import { announce, el, field, showError } from "./dom.js";
import { overview } from "./overview.js";
import { push } from "./push.js";
import { message } from "./message.js";
import { device } from "./device.js";
import { nodes } from "./nodes.js";

const VIEWS = { overview, push, message, device, nodes };
const main = document.getElementById("main");
const nav = document.querySelector("nav");
const signOut = document.getElementById("sign-out");

let self = null;
let leave = null;

function route() {
  let parts = [];
  try {
    parts = location.hash.replace(/^#\//, "").split("/").map(decodeURIComponent);
  } catch {
    // A broken address is that of the overview.
  }
  const [name = "", ...args] = parts;
  return { name: Object.hasOwn(VIEWS, name) ? name : "overview", args };
}

function show() {
  leave?.abort();
  leave = new AbortController();
  if (!self) return signIn();
  const { name, args } = route();
  for (const link of nav.querySelectorAll("a")) {
    if (link.hash === `#/${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const view = el("div");
  main.replaceChildren(view);
  VIEWS[name](view, { self, args, signal: leave.signal });
  document.title = `${view.querySelector("h1").textContent} – Pushgate console`;
  main.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function signIn() {
  nav.hidden = true;
  signOut.hidden = true;
  document.getElementById("who").textContent = "";
  document.title = "Sign in – Pushgate console";
  const box = el("div");
  const form = el("form", { class: "stacked", onsubmit: async event => {
    event.preventDefault();
    const given = new FormData(form).get("key").trim();
    try {
      await enter(given);
      announce("signed in");
    } catch (error) {
      showError(box, error);
    }
  } },
  // The user name lets a password manager keep the key.
  el("input", { type: "hidden", name: "user", value: "api-key", autocomplete: "username" }),
  field("API key", { name: "key", type: "password", required: true, autocomplete: "current-password", spellcheck: "false" }),
  el("div", {}, el("button", { class: "primary" }, "Sign in")));
  main.replaceChildren(
    el("h1", {}, "Sign in"),
    el("section", { class: "panel" }, form, box,
      el("p", { class: "note" }, "One for an app: ", el("code", {}, "./pushgate apikey create --app shop"),
        ". One for everything: ", el("code", {}, "./pushgate apikey create --admin"), ".")));
  form.querySelector("[name=key]").focus();
}

async function enter(given) {
  self = await api.self(given);
  key.set(given);
  nav.hidden = false;
  signOut.hidden = false;
  nav.querySelector("[href='#/nodes']").parentElement.hidden = !self.admin;
  document.getElementById("who").textContent = self.admin ? "administrator" : `app ${self.app}`;
  show();
}

function leaveSession(text) {
  if (!self) return;
  key.clear();
  self = null;
  announce(text);
  show();
}

signOut.addEventListener("click", () => leaveSession("signed out"));
window.addEventListener("signed-out", () => leaveSession("the API key is no longer good"));
window.addEventListener("hashchange", show);

const THEMES = ["auto", "light", "dark"];
const themeButton = document.getElementById("theme");

function theme(name) {
  localStorage.setItem("pushgate.theme", name);
  document.documentElement.dataset.theme = name;
  themeButton.textContent = `Theme: ${name}`;
  window.dispatchEvent(new Event("theme"));
}

themeButton.addEventListener("click", () => {
  theme(THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length]);
});
// With "auto" it is the system that changes the theme.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => window.dispatchEvent(new Event("theme")));
theme(THEMES.includes(localStorage.getItem("pushgate.theme")) ? localStorage.getItem("pushgate.theme") : "auto");

if (key.get()) {
  enter(key.get()).catch(() => { key.clear(); show(); });
} else {
  show();
}
