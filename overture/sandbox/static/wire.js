// The panel that shows each webhook and each Graph call as it passes.

import { $, el } from "./dom.js";

const KEPT = 250;
const APPS = { messenger: "Messenger", instagram: "Instagram", whatsapp: "WhatsApp" };
const MESSAGES = /^(message|text|quick_reply|button|row|get_started|attachment|referral)$/;
const calls = [];

export function startWire(earlier) {
  calls.push(...earlier);
  $("#wire-filter").addEventListener("change", paint);
  paint();
}

export function passed(call) {
  calls.push(call);
  if (calls.length > KEPT) calls.shift();
  $("#calls-none").hidden = true;
  sum();
  if (!wanted(call)) return;
  const list = $("#calls");
  list.prepend(row(call));
  while (list.children.length > KEPT) list.lastElementChild.remove();
}

export function clearWire() {
  calls.length = 0;
  paint();
}

function paint() {
  $("#calls").replaceChildren(...calls.filter(wanted).reverse().map(row));
  $("#calls-none").hidden = calls.length > 0;
  sum();
}

function sum() {
  const hooks = calls.filter((call) => call.direction === "webhook").length;
  const refused = calls.filter((call) => !call.accepted).length;
  const bad = refused ? `, ${refused} refused` : "";
  $("#wire-sum").textContent = calls.length
    ? `${hooks} webhooks out, ${calls.length - hooks} Graph calls in${bad}`
    : "Each webhook and each Graph API call, as it passes.";
}

function wanted(call) {
  const filter = $("#wire-filter").value;
  if (filter === "messages") return MESSAGES.test(call.kind);
  if (filter === "refused") return !call.accepted;
  return !filter || call.direction === filter;
}

function row(call) {
  const out = call.direction === "webhook";
  const details = el("details", {}, summary(call, out));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(body(call));
  });
  return el("li", { class: `call ${call.channel} ${out ? "out" : "in"}${call.accepted ? "" : " bad"}` }, details);
}

function summary(call, out) {
  const at = new Date(call.at).toLocaleTimeString("en-GB");
  const app = APPS[call.channel] || "unknown account";
  const tries = call.attempt > 1 ? ` · try ${call.attempt}` : "";
  return el("summary", {},
    el("span.arrow", { title: out ? "webhook to the bot" : "Graph call of the bot" }, out ? "→" : "←"),
    el("span.what", {}, el("i.dot", { "aria-hidden": "true" }), el("span.hidden", {}, `${app}, `),
      el("b", {}, kind(call)), el("span.gist", {}, gist(call) + tries)),
    el("span.status", {}, call.status === null ? "no answer" : String(call.status)),
    el("span.took", {}, `${call.milliseconds} ms`),
    el("time", { datetime: call.at }, at));
}

const kind = (call) => call.kind.replace("status:", "").replaceAll("_", " ");

function gist(call) {
  const error = call.response?.error;
  if (error) return `${error.code}${error.error_subcode ? "/" + error.error_subcode : ""} ${error.message}`;
  const request = call.request ?? {};
  const event = request.entry?.[0]?.messaging?.[0];
  const change = request.entry?.[0]?.changes?.[0]?.value?.messages?.[0];
  const said = event?.message?.text ?? event?.postback?.title ?? event?.referral?.ref ?? change?.text?.body
    ?? change?.interactive?.button_reply?.title ?? change?.interactive?.list_reply?.title;
  const sent = request.message?.text ?? request.message?.attachment?.payload?.text
    ?? request.text?.body ?? request.interactive?.body?.text ?? request.template?.name;
  return said ?? sent ?? "";
}

function body(call) {
  const box = el("div.call-body", {});
  box.append(el("p.mono", {}, `${call.method} ${call.path}`));
  const headers = Object.entries(call.headers).map(([name, value]) => `${name}: ${value}`).join("\n");
  for (const [title, value] of [["Headers", headers], ["Request", call.request], ["Answer", call.response]]) {
    const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    box.append(el("h3", {}, title), el("pre", { tabindex: "0" }, text || "(empty)"));
  }
  return box;
}
