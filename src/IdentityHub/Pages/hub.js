// What script adds to pages that work without it.

// A page that Back takes from memory may be older than a sign-out: ask the server again.
addEventListener("pageshow", event => {
  if (event.persisted) location.reload();
});

// ASVS 6.2.6: a password may be shown for a moment, to check what was typed. It is hidden again before it is sent, so
// that the browser does not remember it as ordinary text.
for (const button of document.querySelectorAll("button[data-reveals]")) {
  const field = document.getElementById(button.dataset.reveals);
  const show = shown => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
  };
  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  field.form.addEventListener("submit", () => show(false));
}

// How strong a new password looks while it is typed: long, and of different characters. A hint; the server judges.
for (const meter of document.querySelectorAll("meter[data-measures]")) {
  const field = document.getElementById(meter.dataset.measures);
  field.addEventListener("input", () => {
    meter.hidden = field.value === "";
    meter.value = Math.min(field.value.length, new Set(field.value).size * 1.6) / 16;
  });
}

// The server knows the instant, the browser knows the person's clock and language.
const page = document.documentElement.lang;
const language = navigator.languages.find(l => l.startsWith(page)) ?? page;
const tellTime = region => {
  for (const time of region.querySelectorAll("time[datetime]")) {
    time.textContent = new Date(time.dateTime).toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
  }
};
tellTime(document);

// A page that only carries something on to an application does so by itself.
document.querySelector("form[data-sends-itself]")?.submit();

// A session that nobody uses ends. Who is still there is told in time, by the server's own count: it may have been used in
// another window. At its end the page is left, and what it showed with it.
for (const notice of document.querySelectorAll("[data-ends]")) {
  const warning = Number(notice.dataset.warning);
  let timer;
  const look = async () => {
    clearTimeout(timer);
    let left = warning;
    try {
      const answer = await fetch(notice.dataset.ends, { headers: { Accept: "application/json" } });
      left = answer.ok ? (await answer.json()).seconds : answer.status === 401 ? 0 : left;
    } catch {
      // Away for a moment: asked again below.
    }
    if (left <= 0) return location.replace(location.pathname);
    const soon = left <= warning;
    if (notice.hidden !== !soon) {
      notice.hidden = !soon;
      soon ? notice.setAttribute("role", "alert") : notice.removeAttribute("role");
    }
    timer = setTimeout(look, Math.min(soon ? Math.max(left, 1) : left - warning, 86400) * 1000 + 500);
  };
  notice.classList.add("timed");
  notice.hidden = true;
  notice.querySelector("form")?.addEventListener("submit", async event => {
    event.preventDefault();
    await fetch(event.target.action, { method: "POST", body: new URLSearchParams(new FormData(event.target)), redirect: "manual" });
    await look();
  });
  document.addEventListener("visibilitychange", () => document.hidden || look());
  look();
}

// What applications answer arrives while the page is open; without script a reload shows it.
for (const region of document.querySelectorAll("[data-live]")) {
  const source = new EventSource(region.dataset.live);
  source.addEventListener("state", event => {
    region.innerHTML = event.data;
    tellTime(region);
  });
  source.addEventListener("over", () => source.close());
}

// What is searched is found while somebody types; without script the form is sent.
for (const form of document.querySelectorAll("form[data-finds]")) {
  const region = document.getElementById(form.dataset.finds);
  let timer;
  let asking;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asking?.abort();
      asking = new AbortController();
      const query = new URLSearchParams(new FormData(form));
      try {
        const answer = await fetch(`${form.dataset.from}?${query}`, { headers: { Accept: "text/html" }, signal: asking.signal });
        if (answer.redirected) return location.reload();
        if (!answer.ok) return;
        region.innerHTML = await answer.text();
        tellTime(region);
        history.replaceState(null, "", `${location.pathname}?${query}`);
      } catch {
        // Overtaken by the next letter, or away for a moment: the form can still be sent.
      }
    }, 120);
  });
}

// Applications that are told in frames have had their chance when all have loaded; without script a moment later.
const next = document.querySelector("a[data-after-frames]");
if (next) {
  const frames = [...document.querySelectorAll("iframe")];
  Promise.all(frames.map(frame => new Promise(loaded => frame.addEventListener("load", loaded)))).then(() => location.assign(next.href));
}
