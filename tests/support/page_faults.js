// What is wrong with the page that is open: an array of lines. WCAG 2.2 AA as far as a script can see it.
() => {
  const faults = [];
  const seen = (element) => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    return style.visibility !== "hidden" && style.display !== "none" && box.width > 1 && box.height > 1 && !element.closest("[hidden]");
  };
  const called = (element) => `<${element.tagName.toLowerCase()}${element.className && element.className.baseVal === undefined ? `.${String(element.className).trim().replaceAll(" ", ".")}` : ""}> "${(element.textContent || "").trim().slice(0, 40)}"`;
  const all = (selector) => [...document.querySelectorAll(selector)];

  // --- names: everything that can be used says what it is
  const named = (element) => {
    const by = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean).map((id) => document.getElementById(id)?.textContent || "").join(" ");
    const labels = [...(element.labels || [])].map((label) => label.textContent).join(" ");
    const title = element.tagName === "svg" ? element.querySelector("title")?.textContent || "" : element.title || "";
    return [by, element.getAttribute("aria-label"), labels, ["A", "BUTTON", "SUMMARY"].includes(element.tagName) ? element.textContent : "", title].join("").trim();
  };
  for (const element of all("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=region], [role=img], nav, form[role=search]")) {
    if (seen(element) && !named(element)) faults.push(`has no accessible name: ${called(element)}`);
  }
  for (const table of all("table")) {
    if (seen(table) && !table.caption) faults.push(`has no caption: ${called(table)}`);
    for (const head of table.tHead?.rows[0]?.cells || []) {
      if (seen(table) && !head.textContent.trim()) faults.push(`column without a heading: ${called(table)}`);
    }
  }
  for (const area of all("*")) {
    const style = getComputedStyle(area);
    const scrolls = ["auto", "scroll"].includes(style.overflowX) && area.scrollWidth > area.clientWidth + 1;
    const reachable = area.tabIndex >= 0 || area.querySelector("a[href], button, input, select");
    if (seen(area) && scrolls && area !== document.documentElement && !reachable) faults.push(`scrolls but cannot be reached by keyboard: ${called(area)}`);
  }

  // --- structure
  if (!document.documentElement.lang) faults.push("the page has no language");
  if (!document.title.trim()) faults.push("the page has no title");
  if (all("main").length !== 1) faults.push("there is not exactly one main");
  if (all("h1").length !== 1) faults.push("there is not exactly one h1");
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6").filter(seen)) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) faults.push(`skips from level ${level}: ${called(heading)}`);
    if (!heading.textContent.trim()) faults.push(`empty heading: ${called(heading)}`);
    level = own;
  }
  const ids = all("[id]").map((element) => element.id);
  for (const id of new Set(ids.filter((each, index) => ids.indexOf(each) !== index))) faults.push(`id stands twice: ${id}`);
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) {
    faults.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} > ${document.documentElement.clientWidth}`);
  }

  // --- Chinese text is marked as such, for glyphs and voices
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    const holder = text.parentElement;
    if (!/[\u3400-\u9fff]/.test(text.data) || !seen(holder) || holder.closest("svg, option, script")) continue;
    if (!holder.closest("[lang|=zh]")) faults.push(`Chinese text without its language: ${text.data.trim().slice(0, 40)}`);
  }

  // --- contrast: 4.5 to 1, and 3 to 1 for large text
  const brush = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const ground = (element) => {
    const layers = [];
    for (let each = element; each; each = each.parentElement) layers.push(rgba(getComputedStyle(each).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const told = new Set();
  for (const text of texts) {
    const holder = text.parentElement;
    if (!text.data.trim() || !seen(holder) || holder.closest("script, option, :disabled, .skip, .unseen")) continue;
    const style = getComputedStyle(holder), picture = holder.closest("svg");
    let below = ground(picture ? picture.parentElement : holder);
    if (holder.matches("text.on-colour")) {
      const fill = getComputedStyle(holder.parentElement.querySelector("rect")).fill;
      if (fill.startsWith("url")) continue;  // a pattern: its text has an outline of its own
      below = over(rgba(fill), below);
    }
    const found = ratio(over(rgba(picture ? style.fill : style.color), below), below);
    const size = Number.parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const key = `${holder.className}|${style.color}|${below}`;
    if (found < (large ? 3 : 4.5) - 0.01 && !told.has(key)) {
      told.add(key);
      faults.push(`contrast ${found.toFixed(2)}: ${called(holder)}`);
    }
  }
  return faults;
}
