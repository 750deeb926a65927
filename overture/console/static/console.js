// What script adds to pages that work without it: keys, filters that apply at once, news.

document.documentElement.classList.add("js");

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

/** Move the focus in a list of rows. */
function step(by) {
  const rows = [...document.querySelectorAll(".rows .row")];
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return closeAll();
  if (typing(event.target)) return;
  if (event.key === "/") {
    const find = document.querySelector("[data-find]");
    if (find) { event.preventDefault(); find.select(); }
  } else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
});

/** Close questions that are open, and give the focus back to what opened them. */
function closeAll(except) {
  for (const open of document.querySelectorAll("details.ask[open]")) {
    if (open === except) continue;
    const held = open.contains(document.activeElement);
    open.open = false;
    if (held) open.querySelector("summary").focus();
  }
}

document.addEventListener("click", (event) => closeAll(event.target.closest("details.ask")));

for (const pick of document.querySelectorAll("[data-submit]")) {
  pick.addEventListener("change", () => pick.form.requestSubmit());
}

for (const time of document.querySelectorAll("time[title]")) {
  const local = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
  time.title += `\n${local} here`;
}

/** On a small screen, rules that allow contact wait until they are asked for. */
if (matchMedia("(max-width: 760px)").matches) {
  for (const group of document.querySelectorAll("[data-fold]")) group.open = false;
}

/** Show the newest words first, unless the address points at a message. */
const talk = document.querySelector(".bubbles");
if (talk && !location.hash.startsWith("#m-")) talk.scrollTop = talk.scrollHeight;

/** Keep an answer that is being typed while the page is loaded anew; Ctrl and Enter send it. */
const draft = document.querySelector("[data-draft]");
if (draft) {
  const name = `draft ${draft.dataset.draft}`;
  draft.value ||= sessionStorage.getItem(name) ?? "";
  draft.addEventListener("input", () => sessionStorage.setItem(name, draft.value));
  draft.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) draft.form.requestSubmit();
  });
  draft.form.addEventListener("submit", () => sessionStorage.removeItem(name));
}

/** Say when there is something new; load it only when asked, so that nothing jumps. */
async function look(talk) {
  if (document.hidden || talk.querySelector(".news")) return;
  try {
    const answer = await fetch(talk.dataset.news);
    if (!answer.ok || (await answer.json()).stamp === talk.dataset.stamp) return;
  } catch { return; }
  const button = document.createElement("button");
  button.className = "news";
  button.textContent = "There is something new. Show it";
  button.addEventListener("click", () => location.reload());
  const item = document.createElement("li");
  item.className = "news-item";
  item.setAttribute("role", "status");
  item.append(button);
  talk.append(item);
}
if (talk?.dataset.news) setInterval(() => look(talk), 4000);
