// "Why?": the facts and decisions of a conversation, laid out for reading.

import { el } from "./dom.js";

const OUTCOMES = { send: "It may write now", wait: "It waits", cease: "It will not write first" };
const TOLD = new Set(["text", "now", "decisions", "conversation"]);

export function explanation(answer) {
  if (answer.problem) return [el("p", {}, answer.problem)];
  const why = answer.why ?? {};
  const parts = [];
  if (why.now) parts.push(el("h3", {}, "At this moment"), ...decision(why.now, true));
  if (why.decisions?.length) {
    parts.push(el("h3", {}, "Decided so far"), ...why.decisions.map((one) => past(one)));
  }
  if (!parts.length && why.text) parts.push(el("pre", {}, why.text));
  for (const [name, value] of Object.entries(why)) {
    if (!TOLD.has(name)) parts.push(...section(name, value));
  }
  return parts.length ? parts : [el("p", {}, "Nothing has been decided yet.")];
}

function decision(record, open) {
  const reasons = record.reasons?.length ? `: ${record.reasons.map(words).join(", ")}` : "";
  const moment = record.moment ? ` until ${plain(record.moment)}` : "";
  const head = el("p.verdict", { class: `verdict ${record.outcome}` }, el("b", {}, OUTCOMES[record.outcome] ?? words(record.outcome ?? "")), moment + reasons);
  return record.verdicts?.length ? [head, verdicts(record.verdicts, open)] : [head];
}

function verdicts(list, open) {
  const body = el("tbody", {}, ...list.map((one) =>
    el("tr", { class: one.allows ? "yes" : "no" },
      el("td", {}, one.allows ? "✓" : "✕", el("span.hidden", {}, one.allows ? " allows" : " refuses")),
      el("th", { scope: "row" }, words(one.rule ?? "")),
      el("td", {}, evidence(one)))));
  const table = el("table.verdicts", {}, body);
  return el("details", open ? { open: "" } : {}, el("summary", {}, `${list.length} rule${list.length === 1 ? "" : "s"}`), table);
}

function evidence(one) {
  const seen = Object.entries(one.evidence ?? {})
    .filter(([, value]) => value !== null && value !== "" && !(Array.isArray(value) && !value.length))
    .map(([name, value]) => `${words(name)} ${Array.isArray(value) ? value.length : plain(value)}`);
  if (!one.allows && one.opens) seen.unshift(`not before ${plain(one.opens)}`);
  else if (one.allows && one.closes) seen.unshift(`until ${plain(one.closes)}`);
  return seen.join(" · ");
}

function past(one) {
  const record = one.record?.verdicts ? one.record : { outcome: one.outcome };
  const head = el("p.verdict", {}, el("time", {}, plain(one.at)), " ", el("b", {}, `${words(one.stage)}: ${words(one.outcome)}`),
    one.reasons?.length ? `: ${one.reasons.map(words).join(", ")}` : "");
  return record.verdicts ? el("div.past", {}, head, verdicts(record.verdicts, false)) : head;
}

function section(name, value) {
  if (value === null || value === "" || (Array.isArray(value) && !value.length)) return [];
  if (typeof value !== "object") return [el("p", {}, el("b", {}, `${words(name)}: `), plain(value))];
  const tables = Array.isArray(value) ? value.map(table) : [table(value)];
  return [el("details", {}, el("summary", {}, words(name)), ...tables)];
}

function table(record) {
  if (!record || typeof record !== "object") return el("p", {}, plain(record));
  const rows = Object.entries(record).filter(([, value]) => value !== null && value !== "");
  return el("table", {}, el("tbody", {}, ...rows.map(([name, value]) =>
    el("tr", {}, el("th", { scope: "row" }, words(name)),
      el("td", {}, value && typeof value === "object" && !Array.isArray(value) ? table(value) : plain(value))))));
}

const words = (name) => String(name).replaceAll("_", " ");

function plain(value) {
  if (Array.isArray(value)) return value.map((one) => (one && typeof one === "object" ? JSON.stringify(one) : plain(one))).join(", ");
  if (value && typeof value === "object") return JSON.stringify(value);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) {
    return new Date(value).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
  }
  return String(value);
}
