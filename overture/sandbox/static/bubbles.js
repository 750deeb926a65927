// How one message looks on a phone.

import { el, icon } from "./dom.js";
import { clockDay, clockTime, inWords } from "./clock.js";

const TICKS = {
  sending: ["wait", "Sending"],
  delivered: ["ticks", "Delivered"],
  read: ["ticks", "Seen"],
  failed: ["fail", "Not delivered: the bot's server did not answer"],
  sent: ["tick", "Sent"],
};
const GAP = 20 * 60 * 1000;
const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,!?)]/g;
const EMOJI_ONLY = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s){1,12}$/u;

/** A line that tells how much time passed before a message, or null. */
export function gapBefore(previous, bubble) {
  const at = new Date(bubble.at);
  const passed = previous ? at - new Date(previous.at) : 0;
  if (previous && passed < GAP) return null;
  const words = previous ? `${inWords(passed)} later · ` : "";
  return el("p.gap", {}, `${words}${clockDay(at)}, ${clockTime(at)}`);
}

/** The row of a message: what it says, its buttons, its time and ticks. */
export function bubbleRow(bubble, context) {
  const own = bubble.sender === "person";
  const row = el(`div.row.${own ? "own" : "theirs"}`, { "data-id": bubble.id });
  if (!own) row.append(el("span.avatar.small", { "aria-hidden": "true" }, context.initials(bubble)));
  const column = el("div.column");
  if (bubble.unprompted && !own) column.append(el("span.first", {}, "wrote first"));
  if (bubble.sender === "inbox") column.append(el("span.human", {}, "a human, from the inbox"));
  else if (bubble.persona) column.append(el("span.persona", {}, bubble.persona));
  column.append(bubbleBox(bubble, context, own));
  const buttons = choiceButtons(bubble, context);
  if (buttons) column.append(buttons);
  row.append(column, actions(bubble, context, own));
  return row;
}

/** The chips of the newest message that offers quick replies. */
export function quickReplies(bubbles) {
  const last = bubbles[bubbles.length - 1];
  const offered = last && last.sender !== "person" ? last.choices : [];
  return offered.filter((choice) => choice.style === "quick_reply");
}

function bubbleBox(bubble, context, own) {
  const bare = bubble.kind === "sticker" || (bubble.text && EMOJI_ONLY.test(bubble.text) && !bubble.media);
  const onlyMedia = bubble.kind === "image" && bubble.media && !bubble.text;
  const box = el("div", { class: `bubble${bare ? " bare" : ""}${onlyMedia ? " only-media" : ""}` });
  box.append(el("span.hidden", {}, own ? "You: " : `${context.name(bubble)}: `));
  if (bubble.reply_to) box.append(quote(bubble, context));
  if (bubble.status === "removed") box.append(el("em", {}, "Message unsent"));
  else box.append(...contents(bubble));
  const meta = el("span.meta", {}, el("time", { datetime: bubble.at }, clockTime(new Date(bubble.at))));
  if (own && bubble.status !== "removed") meta.append(ticks(bubble.status));
  box.append(meta);
  if (bubble.reaction) box.append(el("span.reaction", { "aria-label": `Reaction ${bubble.reaction}` }, bubble.reaction));
  return box;
}

function contents(bubble) {
  const parts = [];
  if (bubble.kind === "location") {
    parts.push(el("span.place", {}, icon("pin"), el("span", {}, bubble.text || "Location")));
    return parts;
  }
  if (bubble.kind === "audio") parts.push(voice(bubble));
  else if (bubble.media) parts.push(picture(bubble));
  if (bubble.text) parts.push(el("span.text", {}, ...linked(bubble.text)));
  if (!parts.length) parts.push(el("em", {}, bubble.kind));
  return parts;
}

function picture(bubble) {
  const image = el("img", { src: bubble.media, alt: bubble.kind });
  image.addEventListener("error", () => {
    image.replaceWith(el("span.no-picture", {}, `${bubble.kind}: ${bubble.media}`));
  });
  return image;
}

function voice(bubble) {
  if (!bubble.media) return el("em", {}, "voice message");
  return el("audio", { src: bubble.media, controls: "", preload: "none", "aria-label": "Voice message" });
}

function quote(bubble, context) {
  const target = context.find(bubble.reply_to);
  return el("span.quote", {}, target?.text?.slice(0, 80) || "an earlier message");
}

function linked(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(from, match.index));
    parts.push(el("a", { href: match[0], target: "_blank", rel: "noopener noreferrer" }, match[0]));
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}

function ticks(status) {
  const [name, words] = TICKS[status] || TICKS.sent;
  return el(`span.ticks.${status}`, { title: words }, icon(name), el("span.hidden", {}, words));
}

function choiceButtons(bubble, context) {
  const rows = bubble.choices.filter((choice) => choice.style === "row");
  const others = bubble.choices.filter((choice) => choice.style === "button" || choice.style === "link");
  if (!rows.length && !others.length) return null;
  const group = el("div.choices", { role: "group", "aria-label": "Buttons of the message" });
  if (rows.length) {
    const open = () => context.openList(bubble, rows);
    group.append(el("button", { type: "button", onclick: open }, icon("list"), bubble.menu || "Choose"));
  }
  for (const choice of others) group.append(choiceButton(bubble, choice, context));
  return group;
}

function choiceButton(bubble, choice, context) {
  if (choice.style === "link") {
    return el("a", { href: choice.url, target: "_blank", rel: "noopener noreferrer" }, choice.title);
  }
  const tap = () => context.tap(bubble, choice);
  return el("button", { type: "button", onclick: tap }, choice.title);
}

function actions(bubble, context, own) {
  const group = el("span.actions");
  if (bubble.status === "removed") return group;
  if (!own) {
    const words = bubble.reaction ? "Take the heart back" : "React with a heart";
    const react = () => context.react(bubble, bubble.reaction ? "" : "❤");
    group.append(el("button", { type: "button", "aria-label": words, title: words, onclick: react }, "♥"));
  } else if (context.canUnsend) {
    const unsend = () => context.unsend(bubble);
    group.append(el("button", { type: "button", "aria-label": "Unsend", title: "Unsend", onclick: unsend }, "↶"));
  }
  return group;
}
