// The page: state, events of the sandbox, and the parts that show them.

import { $, announce, api, el } from "./dom.js";
import { setClock, startClock } from "./clock.js";
import { APPS, Phone } from "./phone.js";
import { clearWire, passed, startWire } from "./wire.js";
import * as dialogs from "./dialogs.js";

let state = null;
let holder = 0;
const threads = new Map();
const phones = [];

const page = {
  person: () => state.people[holder] || state.people[0],
  persona: (id) => state.personas.find((persona) => persona.id === id),
  thread(key) {
    if (!threads.has(key)) threads.set(key, fresh(key));
    return threads.get(key);
  },
  number: (id) => (/^1\d{10}$/.test(id) ? `+1 ${id.slice(1, 4)}-${id.slice(4, 7)}-${id.slice(7)}` : id),
  failed,
  openList: dialogs.openList,
  openInbox: dialogs.openInbox,
  openWhy: (phone) => dialogs.openWhy(phone, failed),
  openPersonas: () => dialogs.openPersonas(state.personas, open, failed),
};

function fresh(key) {
  const [channel, accountId, ...user] = key.split(":");
  const account = state.accounts.find((one) => one.channel === channel && one.id === accountId);
  return { channel, account_id: accountId, user_id: user.join(":"), persona: account?.persona || "", blocked: false,
    window_closes: null, messages: [] };
}

function failed(problem) {
  const place = $("#lost");
  place.textContent = problem.message;
  place.hidden = false;
  clearTimeout(failed.ends);
  failed.ends = setTimeout(() => { place.hidden = true; }, 6000);
}

async function start() {
  await load();
  startClock(state.demo, failed);
  startWire(state.calls);
  dialogs.startFaults(state.faults, failed);
  makePhones();
  makeTools();
  listen();
  followLink();
}

async function load() {
  state = await api("state");
  setClock(state.now);
  threads.clear();
  for (const thread of state.threads) threads.set(`${thread.channel}:${thread.account_id}:${thread.user_id}`, thread);
  holder = Math.min(holder, state.people.length - 1);
  paintPeople();
}

function makePhones() {
  for (const channel of Object.keys(APPS)) {
    const account = state.accounts.find((one) => one.channel === channel);
    if (!account) continue;
    const phone = new Phone(account, page);
    phones.push(phone);
    $("#phones").append(phone.node);
    $(".tabs").append(tab(phone));
  }
  phones.forEach((phone) => phone.show());
  select(phones[0], { focus: false });
}

function tab(phone) {
  const button = el(`button.${phone.channel}`, { type: "button", role: "tab", id: `tab-${phone.channel}`, "aria-controls": phone.node.id },
    el("i.dot", { "aria-hidden": "true" }), APPS[phone.channel], el("span.badge", { hidden: "" }));
  button.addEventListener("click", () => { select(phone); $(".tabs").scrollIntoView({ block: "start" }); });
  button.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) select(phones[(phones.indexOf(phone) + step + phones.length) % phones.length]);
  });
  return button;
}

function select(chosen, { focus = true } = {}) {
  for (const phone of phones) {
    const button = $(`#tab-${phone.channel}`);
    const on = phone === chosen;
    phone.node.classList.toggle("chosen", on);
    button.setAttribute("aria-selected", String(on));
    button.tabIndex = on ? 0 : -1;
    if (on) $(".badge", button).hidden = true;
    if (on && focus) button.focus();
  }
  phones.forEach((phone) => phone.look());
  chosen.refresh();
  chosen.log.scrollTop = chosen.log.scrollHeight;
}

function makeTools() {
  $("#person").addEventListener("change", (event) => hold(Number(event.target.value)));
  $("#new-person").addEventListener("click", async () => {
    try {
      const { number } = await api("people", {});
      state = { ...state, people: (await api("state")).people };
      hold(number - 1);
      paintPeople();
      announce(`You are person ${number} now.`);
    } catch (problem) { failed(problem); }
  });
  $("#open-personas").addEventListener("click", page.openPersonas);
  $("#open-faults").addEventListener("click", () => dialogs.openFaults(failed));
  $("#theme").addEventListener("click", switchTheme);
  $("#hint-close").addEventListener("click", () => { $("#hint").hidden = true; remember("hint", "seen"); });
  $("#hint").hidden = recall("hint") === "seen";
  if (recall("theme")) document.documentElement.dataset.theme = recall("theme");
  document.addEventListener("visibilitychange", () => phones.forEach((phone) => phone.look()));
  document.addEventListener("second", () => phones.forEach((phone) => phone.refresh()));
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }
}

function switchTheme() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark"
    : window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  remember("theme", document.documentElement.dataset.theme);
}

function hold(index) {
  holder = index;
  $("#person").value = String(index);
  phones.forEach((phone) => phone.show());
}

function paintPeople() {
  $("#person").replaceChildren(...state.people.map((_, index) => el("option", { value: index }, `Person ${index + 1}`)));
  $("#person").value = String(holder);
}

function open(channel, persona) {
  const phone = phones.find((one) => one.channel === channel);
  select(phone, { focus: false });
  phone.open(persona);
}

function followLink() {
  const [, channel, ref] = /^#open=(\w+):(.+)$/.exec(location.hash) || [];
  const persona = state.personas.find((one) => (one.ref || one.id) === ref);
  if (persona && APPS[channel]) open(channel, persona);
  if (channel) history.replaceState(null, "", "/");
}

function listen() {
  const source = new EventSource("/sandbox/events");
  let broken = false;
  source.onerror = () => { broken = true; $("#lost").textContent = "The sandbox does not answer. Trying again…"; $("#lost").hidden = false; };
  on(source, "hello", async () => {
    $("#lost").hidden = true;
    if (broken) { await load(); phones.forEach((phone) => phone.show()); }
    broken = false;
  });
  on(source, "bubble", (data) => inThread(data, (thread) => {
    if (thread.messages.some((one) => one.id === data.bubble.id)) return;
    thread.messages.push(data.bubble);
    shown(data)?.added(data.bubble);
    badge(data);
  }));
  on(source, "changed", (data) => inThread(data, (thread) => {
    const index = thread.messages.findIndex((one) => one.id === data.bubble.id);
    if (index >= 0) thread.messages[index] = data.bubble;
    shown(data)?.changed(data.bubble);
  }));
  on(source, "typing", (data) => shown(data)?.typing(data.seconds));
  for (const name of ["opened", "blocked"]) on(source, name, (data) => inThread(data, () => shown(data)?.refresh()));
  on(source, "call", passed);
  on(source, "clock", ({ now }) => setClock(now, { animate: true }));
  on(source, "faults", dialogs.showFaults);
  on(source, "people", (people) => { state.people = people; paintPeople(); });
  on(source, "reset", async () => { clearWire(); await load(); phones.forEach((phone) => phone.show()); });
}

const on = (source, name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));

function inThread(data, act) {
  const thread = page.thread(`${data.channel}:${data.account_id}:${data.user_id}`);
  Object.assign(thread, { persona: data.persona, blocked: data.blocked, window_closes: data.window_closes });
  act(thread);
}

const shown = (data) =>
  phones.find((phone) => phone.key === `${data.channel}:${data.account_id}:${data.user_id}`);

function badge(data) {
  if (data.bubble.sender === "person") return;
  const phone = shown(data);
  if (phone && phone.node.offsetParent === null) $(".badge", $(`#tab-${phone.channel}`)).hidden = false;
}

function remember(name, value) { try { localStorage.setItem(`overture-${name}`, value); } catch { /* private window */ } }

function recall(name) { try { return localStorage.getItem(`overture-${name}`); } catch { return null; } }

start().catch(failed);
