// Brings the parts of a page that are marked as live up to date, so that it need not be loaded again. Without scripts a page is as good, and older.
const seconds = Number(document.querySelector("main").dataset.every);

async function look() {
  if (!document.hidden) {
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");

    // The session or the server has gone, or what was looked at has ended: the whole page says so, with what can be done.
    if (!answer.ok || answer.redirected || !fresh.querySelector("main")?.dataset.every) {
      location.reload();
      return;
    }
    document.querySelectorAll("[data-live]").forEach((part) => renew(part, fresh.getElementById(part.id)));
  }
  setTimeout(tick, seconds * 1000);
}

// Whoever goes by keyboard stays where it is.
function renew(part, other) {
  if (!other || other.innerHTML === part.innerHTML) return;
  const link = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  part.innerHTML = other.innerHTML;
  if (link) part.querySelector(`[href="${CSS.escape(link)}"]`)?.focus({ preventScroll: true });
}

// A look that fails is not the last one: the server may be starting.
function tick() {
  look().catch(() => setTimeout(tick, seconds * 1000));
}

setTimeout(tick, seconds * 1000);
