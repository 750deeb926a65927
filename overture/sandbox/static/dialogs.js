// The dialogs: personas with their links, faults, "Why?", the inbox, lists.

import { $, api, el } from "./dom.js";
import { APPS } from "./phone.js";
import { explanation } from "./why.js";

let known = {};

export async function openPersonas(personas, open, failed) {
  const list = $("#persona-list");
  list.replaceChildren();
  $("#personas").showModal();
  try {
    const { links } = await api("links");
    list.append(...personas.map((persona) => personaItem(persona, links, open)));
    if (!personas.length) list.append(el("li", {}, "There are no personas here."));
  } catch (problem) {
    failed(problem);
  }
}

function personaItem(persona, links, open) {
  const ways = links.filter((link) => link.persona === persona.id).map((link) => way(persona, link, open));
  return el("li", {}, el("h3", {}, persona.name), el("p", {}, persona.tagline), el("div.ways", {}, ...ways));
}

function way(persona, link, open) {
  const go = () => { $("#personas").close(); open(link.channel, persona); };
  const code = el("img", { alt: `QR code of ${link.url}`, src: `data:image/svg+xml;base64,${btoa(link.qr)}` });
  return el(`div.way.${link.channel}`, {}, code,
    el("button", { type: "button", onclick: go }, `Open on ${APPS[link.channel]}`),
    el("span.mono", {}, link.url));
}

export function startFaults(active, failed) {
  $("#fault-none").addEventListener("click", () => change({ kind: "none" }, failed));
  $("#fault-channel").addEventListener("change", () => refresh(failed));
  paintCount(active);
}

export async function openFaults(failed) {
  $("#faults").showModal();
  await refresh(failed);
}

export function showFaults(active) {
  paintCount(active);
  const channel = $("#fault-channel").value;
  $("#fault-list").replaceChildren(...Object.entries(known).map(([kind, words]) => faultItem(kind, words, active, channel)));
}

async function refresh(failed) {
  try {
    const { active, known: all } = await api("faults");
    known = all;
    showFaults(active);
  } catch (problem) {
    failed(problem);
  }
}

function faultItem(kind, words, active, channel) {
  const on = active.find((fault) => fault.kind === kind && fault.channel === channel);
  const id = `fault-${kind}`;
  const box = el("input", { type: "checkbox", id, checked: on ? "" : null });
  box.addEventListener("change", () => {
    const times = $("#fault-times").value;
    change({ kind, channel, off: !box.checked, times: times ? Number(times) : null }, console.error);
  });
  const left = on?.times ? ` (${on.times} to come)` : "";
  return el("li", {}, box, el("label", { for: id }, el("b", {}, kind.replaceAll("_", " ") + left), el("span", {}, words)));
}

async function change(wish, failed) {
  try {
    showFaults((await api("faults", wish)).active);
  } catch (problem) {
    failed(problem);
  }
}

function paintCount(active) {
  const count = $("#fault-count");
  count.hidden = !active.length;
  count.textContent = String(active.length);
}

export async function openWhy(phone, failed) {
  const body = $("#why-body");
  $("#why-conversation").textContent = phone.key;
  body.replaceChildren(el("p", {}, "Asking…"));
  $("#why").showModal();
  try {
    const query = new URLSearchParams({ channel: phone.channel, account_id: phone.account.id, user_id: phone.userId });
    const answer = await api(`why?${query}`);
    $("#why-conversation").textContent = answer.conversation || phone.key;
    body.replaceChildren(...explanation(answer));
  } catch (problem) {
    $("#why").close();
    failed(problem);
  }
}

export function openInbox(phone) {
  const form = $("#inbox-form");
  form.onsubmit = async (event) => {
    event.preventDefault();
    const text = $("#inbox-text").value;
    form.reset();
    $("#inbox").close();
    await api("inbox", { channel: phone.channel, account_id: phone.account.id, user_id: phone.userId, text });
  };
  $("#inbox").showModal();
  $("#inbox-text").focus();
}

export function openList(bubble, rows, choose) {
  $("#menu-title").textContent = bubble.menu || "Choose";
  $("#menu-body").replaceChildren(...rows.map((row) => {
    const pick = () => { $("#menu").close(); choose(row); };
    return el("button", { type: "button", onclick: pick }, el("b", {}, row.title), el("span", {}, row.description));
  }));
  $("#menu").showModal();
}
