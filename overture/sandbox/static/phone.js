// One phone: its chat, its composer, and what a person does on it.

import { $, api, el, popover, setText } from "./dom.js";
import { bubbleRow, gapBefore, quickReplies } from "./bubbles.js";
import { inWords, now } from "./clock.js";

export const APPS = { messenger: "Messenger", instagram: "Instagram", whatsapp: "WhatsApp" };

export class Phone {
  constructor(account, page) {
    this.account = account;
    this.channel = account.channel;
    this.page = page;
    this.thread = null;
    this.link = null;
    this.node = $("#phone-template").content.firstElementChild.cloneNode(true);
    this.node.id = `phone-${this.channel}`;
    this.node.classList.add(this.channel);
    this.node.setAttribute("aria-labelledby", `tab-${this.channel}`);
    $("[data-app]", this.node).textContent = APPS[this.channel];
    this.log = $("[data-log]", this.node);
    this.log.setAttribute("aria-label", `Chat on ${APPS[this.channel]}`);
    this.quick = $("[data-quick]", this.node);
    this.quick.setAttribute("aria-label", `Quick replies on ${APPS[this.channel]}`);
    this.text = $("[data-text]", this.node);
    this.text.setAttribute("aria-label", `Message on ${APPS[this.channel]}`);
    this.#listen();
  }

  get userId() { return this.page.person()[this.channel]; }

  get key() { return `${this.channel}:${this.account.id}:${this.userId}`; }

  /** Show the chat of whoever holds the phones now. */
  show() {
    this.thread = this.page.thread(this.key);
    this.link = null;
    this.#typing(0);
    this.log.replaceChildren();
    const id = this.userId;
    const shown = this.channel === "whatsapp" ? this.page.number(id) : id.length > 9 ? `…${id.slice(-6)}` : id;
    $("[data-you]", this.node).textContent = `You: ${shown}`;
    $("[data-you]", this.node).title = id;
    this.#head();
    this.#empty();
    this.thread.messages.forEach((bubble, index) => this.#append(bubble, this.thread.messages[index - 1]));
    this.#quick();
    this.#window();
    this.#scroll();
    this.look();
  }

  /** A message has come into the chat. */
  added(bubble) {
    const messages = this.thread.messages;
    this.#empty();
    if (bubble.sender !== "person") this.#typing(0);
    this.#append(bubble, messages[messages.length - 2]);
    this.log.lastElementChild.classList.add("new");
    this.#head();
    this.#quick();
    this.#window();
    this.#scroll();
    this.look();
  }

  /** A message has changed: its ticks, a reaction, taken back. */
  changed(bubble) {
    const row = this.#row(bubble.id);
    if (row) row.replaceWith(bubbleRow(bubble, this));
    this.#quick();
  }

  typing(seconds) { this.#typing(seconds); }

  refresh() { this.#head(); this.#window(); }

  /** Prepare a chat with a persona as the app does after a tap on its link. */
  open(persona) {
    if (this.channel === "whatsapp") {
      this.text.value = `Hi ${persona.name}! [${persona.ref || persona.id}]`;
      this.#grow();
    } else if (this.channel === "messenger" && !this.thread.messages.length) {
      this.link = persona;
      this.#empty();
    } else {
      this.say({ open: persona.ref || persona.id });
    }
    this.thread.persona = persona.id;
    this.#head();
    (this.link ? $(".welcome button", this.log) : this.text).focus();
  }

  /** Tell the account that its messages were seen, if they can be. */
  look() {
    const unseen = this.thread?.messages.some((one) => one.sender !== "person" && /^(sent|delivered)$/.test(one.status));
    if (!unseen || document.hidden || this.node.offsetParent === null) return;
    clearTimeout(this.looking);
    this.looking = setTimeout(() => this.#post("read", {}), 700);
  }

  async say(wish) { return this.#post("say", wish); }

  // What bubbles.js asks of a phone.
  initials(bubble) { return initials(this.name(bubble)); }

  name(bubble) { return bubble?.persona || this.page.persona(this.thread?.persona)?.name || this.account.name; }

  find(id) { return this.thread.messages.find((one) => one.id === id); }

  tap(bubble, choice) { this.say({ tap: { message_id: bubble.id, title: choice.title } }); this.text.focus(); }

  react(bubble, emoji) { this.say({ react: { message_id: bubble.id, emoji } }); }

  unsend(bubble) { this.say({ unsend: bubble.id }); }

  get canUnsend() { return this.channel === "instagram"; }

  openList(bubble, rows) { this.page.openList(bubble, rows, (row) => this.tap(bubble, row)); }

  async #post(path, wish) {
    try {
      return await api(path, { channel: this.channel, account_id: this.account.id, user_id: this.userId, ...wish });
    } catch (problem) {
      this.page.failed(problem);
      return null;
    }
  }

  #listen() {
    const menu = $("[data-menu-body]", this.node);
    popover($("[data-menu]", this.node), menu);
    popover($("[data-attach]", this.node), $("[data-attach-body]", this.node));
    for (const button of this.node.querySelectorAll("[data-attachment]")) {
      button.addEventListener("click", () => this.say({ attach: button.dataset.attachment }));
    }
    $("[data-act=block]", menu).addEventListener("click", () => this.#post("block", { blocked: !this.thread.blocked }));
    $("[data-act=inbox]", menu).addEventListener("click", () => this.page.openInbox(this));
    $("[data-act=personas]", menu).addEventListener("click", () => this.page.openPersonas());
    $("[data-why]", this.node).setAttribute("aria-label", `Why? On ${APPS[this.channel]}`);
    $("[data-why]", this.node).addEventListener("click", () => this.page.openWhy(this));
    $("[data-composer]", this.node).addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
    this.log.addEventListener("load", () => this.#scroll(), true);
    this.text.addEventListener("input", () => this.#grow());
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
  }

  async #submit() {
    const text = this.text.value.trim();
    if (!text) return;
    this.text.value = "";
    this.#grow();
    if (!(await this.say({ text }))) { this.text.value = text; this.#grow(); }
  }

  #grow() {
    this.text.rows = Math.min(5, Math.max(1, this.text.value.split("\n").length, Math.ceil(this.text.value.length / 34)));
  }

  #head() {
    const persona = this.page.persona(this.thread.persona);
    const name = persona?.name || this.account.name;
    setText($("[data-name]", this.node), name);
    setText($("[data-avatar]", this.node), initials(name));
    const number = this.account.number;
    setText($("[data-sub]", this.node), number || persona?.tagline || "Chatbot");
    setText($("[data-act=block]", this.node), this.thread.blocked ? "Unblock this account" : "Block this account");
  }

  #empty() {
    $(".welcome", this.log)?.remove();
    if (this.thread.messages.length) return;
    const persona = this.link || this.page.persona(this.thread.persona);
    const name = persona?.name || this.account.name;
    const welcome = el("div.welcome", {},
      el("span.avatar.large", { "aria-hidden": "true" }, initials(name)),
      el("strong", {}, name), el("p", {}, persona?.tagline || ""));
    if (this.channel === "messenger") {
      const start = () => this.say({ open: this.link ? this.link.ref || this.link.id : "" });
      welcome.append(el("button.start", { type: "button", onclick: start }, "Get Started"));
    } else welcome.append(el("p.quiet", {}, "Say hello to begin."));
    this.log.append(welcome);
  }

  #append(bubble, previous) {
    const gap = gapBefore(previous, bubble);
    if (gap) this.log.append(gap);
    this.log.append(bubbleRow(bubble, this));
  }

  #row(id) { return [...this.log.children].find((row) => row.dataset.id === id); }

  #quick() {
    const chips = quickReplies(this.thread.messages).map((choice) => {
      const tap = () => { this.say({ tap: choice.title }); this.text.focus(); };
      return el("button", { type: "button", onclick: tap }, choice.title);
    });
    this.quick.hidden = !chips.length;
    this.quick.replaceChildren(...chips);
  }

  #typing(seconds) {
    clearTimeout(this.typingEnds);
    $("[data-typing]", this.node).hidden = !seconds;
    this.node.classList.toggle("is-typing", Boolean(seconds));
    if (!seconds) return;
    this.typingEnds = setTimeout(() => this.#typing(0), seconds * 1000);
    this.#scroll();
  }

  #window() {
    const place = $("[data-window]", this.node);
    const closes = this.thread.window_closes ? new Date(this.thread.window_closes) : null;
    const left = closes ? closes - now() : 0;
    place.classList.toggle("closed", Boolean(closes) && left <= 0);
    setText(place, this.thread.blocked ? "You have blocked this account."
      : !closes ? "The account may not write before you do."
      : left > 0 ? `The account may write for ${inWords(left)} more.`
      : this.channel === "whatsapp" ? "24 hours are over: only an approved template may come."
      : "24 hours are over: the account may not write.");
  }

  #scroll() { this.log.scrollTop = this.log.scrollHeight; }
}

export function initials(name) {
  const words = name.split(/\s+/).filter((word) => !/^(the|of|a|an|and)$/i.test(word));
  return words.slice(0, 2).map((word) => word[0].toUpperCase()).join("") || "?";
}

