// What a browser that runs scripts can add: the pages are whole without it.

// Light or dark, before anything is drawn.
const THEMES = ["auto", "light", "dark"];
const root = document.documentElement;
function remembered() {
  try {
    return localStorage.getItem("socket-lab-theme");
  } catch {
    return null; // some browsers keep nothing for files
  }
}
function setTheme(theme) {
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  else delete root.dataset.theme;
}
setTheme(remembered());
// Paper is light.
addEventListener("beforeprint", () => setTheme("light"));
addEventListener("afterprint", () => setTheme(remembered()));

function addThemeButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "theme";
  const show = () => {
    button.textContent = `Theme: ${root.dataset.theme ?? "auto"}`;
  };
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? "auto") + 1) % THEMES.length];
    setTheme(next);
    try {
      localStorage.setItem("socket-lab-theme", next);
    } catch {
      // It lasts as long as the page.
    }
    show();
  });
  show();
  document.querySelector(".head").append(button);
}

const COPIED_MS = 1500;
let announcer;

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Over plain HTTP from another machine there is no clipboard but by the old way.
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("the browser does not let pages copy");
}

function addCopyButton(box) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  const name = box.querySelector("pre").getAttribute("aria-label");
  if (name)
    button.setAttribute("aria-label", `Copy ${name.charAt(0).toLowerCase()}${name.slice(1)}`);
  button.addEventListener("click", async () => {
    const said = await copy(`${box.querySelector("code").textContent}\n`).then(
      () => "Copied",
      () => "Not copied: select it, and press Ctrl+C",
    );
    button.textContent = said;
    announcer.textContent = said;
    setTimeout(() => {
      button.textContent = "Copy";
      announcer.textContent = "";
    }, COPIED_MS);
  });
  box.append(button);
}

// A box that has room for all that is in it need not stop the Tab key.
function trimFocus(boxes) {
  const look = (box) => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) look(target);
  });
  for (const box of boxes) observer.observe(box);
}

// Which heading of the page's contents is being read.
function followReading(list) {
  const links = new Map();
  for (const link of list.querySelectorAll("a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  const mark = () => {
    let current;
    for (const [heading, link] of links) {
      if (heading.getBoundingClientRect().top > innerHeight / 3) break;
      current = link;
    }
    for (const link of links.values()) {
      if (link === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    if (current && list.scrollHeight > list.clientHeight)
      current.scrollIntoView({ block: "nearest" });
  };
  let asked = false;
  addEventListener(
    "scroll",
    () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        mark();
      });
    },
    { passive: true },
  );
  mark();
}

addEventListener("DOMContentLoaded", () => {
  addThemeButton();
  announcer = document.createElement("p");
  announcer.className = "visually-hidden";
  announcer.setAttribute("role", "status");
  document.querySelector("main").append(announcer);
  for (const box of document.querySelectorAll(".code")) addCopyButton(box);
  trimFocus(document.querySelectorAll("[tabindex='0']"));
  const list = document.querySelector(".contents.wide");
  if (list) followReading(list);
});
