// The sandbox's clock: it runs on between the events, and counts up when it is wound.

import { $, announce, api } from "./dom.js";

const still = window.matchMedia("(prefers-reduced-motion: reduce)");
let offset = 0;
let shown = 0;
let winding = null;

export const now = () => new Date(Date.now() + offset);

/** Take over the time of the sandbox. */
export function setClock(iso, { animate = false } = {}) {
  const target = new Date(iso).getTime() - Date.now();
  if (animate && !still.matches) wind(offset, target);
  offset = target;
}

export function startClock(demo, failed) {
  $("#wind").hidden = !demo;
  $("#wind-none").hidden = demo;
  setInterval(paint, 250);
  paint();
  for (const button of document.querySelectorAll("[data-forward]")) {
    button.addEventListener("click", () => forward(button.dataset.forward, failed));
  }
  $("#wind-custom").addEventListener("submit", (event) => {
    event.preventDefault();
    forward($("#wind-span").value, failed);
    event.target.reset();
  });
}

export const clockTime = (date) => date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

export const clockDay = (date) =>
  date.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });

/** "20 hours", "3 days": a span in words. */
export function inWords(milliseconds) {
  const minutes = Math.round(milliseconds / 60000);
  const [number, unit] =
    minutes < 60 ? [minutes, "minute"]
    : minutes < 48 * 60 ? [Math.round(minutes / 60), "hour"]
    : [Math.round(minutes / 1440), "day"];
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

async function forward(span, failed) {
  try {
    const { now: wound } = await api("clock", { forward: span });
    announce(`The clock shows ${clockDay(new Date(wound))}, ${clockTime(new Date(wound))}.`);
  } catch (problem) {
    failed(problem);
  }
}

function paint() {
  if (winding) return;
  show(now());
}

function show(date) {
  const second = Math.floor(date.getTime() / 1000);
  if (second === shown) return;
  shown = second;
  $("#clock-day").textContent = clockDay(date);
  $("#clock-time").textContent = date.toLocaleTimeString("en-GB");
  for (const place of document.querySelectorAll("[data-bar-time]")) place.textContent = clockTime(date);
  document.dispatchEvent(new CustomEvent("second"));
}

function wind(from, to) {
  cancelAnimationFrame(winding);
  const began = performance.now();
  document.body.classList.add("winding");
  const step = (at) => {
    const part = Math.min(1, (at - began) / 900);
    const eased = 1 - (1 - part) ** 3;
    show(new Date(Date.now() + from + (to - from) * eased));
    winding = part < 1 ? requestAnimationFrame(step) : null;
    if (part >= 1) document.body.classList.remove("winding");
  };
  winding = requestAnimationFrame(step);
}
