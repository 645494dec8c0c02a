// Small helps for tables that stand in the page as they are, and for the list of findings.
"use strict";
(() => {
  const COLLATOR = new Intl.Collator(["zh-Hans", "en"], { numeric: true });

  // --- tables: a click on a heading sorts

  function sortable(table) {
    const body = table.tBodies[0];
    if (body.rows.length < 2) return;
    const original = [...body.rows];
    [...table.tHead.rows[0].cells].forEach((head, index) => {
      if ("unsortable" in head.dataset) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, head, index, original));
    });
  }

  function sort(table, head, index, original) {
    const before = head.getAttribute("aria-sort");
    const now = before === "ascending" ? "descending" : before === "descending" ? null : "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    let rows = original;
    if (now) {
      head.setAttribute("aria-sort", now);
      const sign = now === "ascending" ? 1 : -1;
      const keyed = original.map((row) => [key(row.cells[index]), row]);
      rows = keyed.sort(([a], [b]) => sign * compare(a, b)).map(([, row]) => row);
    }
    table.tBodies[0].append(...rows);
  }

  function key(cell) {
    const text = cell.dataset.value ?? cell.firstElementChild?.textContent ?? cell.textContent;
    const value = Number(text.trim().replaceAll(",", ""));
    return Number.isNaN(value) || !text.trim() ? text.trim() : value;
  }

  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : COLLATOR.compare(String(a), String(b)));

  // --- findings: those that do not match are hidden, and so are headings with nothing under them

  function findings(form) {
    const all = [...document.querySelectorAll("[data-finding]")].map((element) => ({
      element, text: plainText(element.textContent + " " + (element.closest("[data-place]")?.querySelector("h3")?.textContent ?? "") + " " + element.dataset.stack),
    }));
    const places = [...document.querySelectorAll("[data-place]")];
    const shown = document.querySelector("[data-shown]");
    const names = ["q", "severity", "kind", "stack"];

    function apply() {
      const wish = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
      const matches = searchFor(wish.q);
      let found = 0, total = 0;
      for (const { element, text } of all) {
        const fits = ["severity", "kind", "stack"].every((name) => !wish[name] || element.dataset[name] === wish[name]) && matches(text);
        element.hidden = !fits;
        total += Number(element.dataset.count);
        if (fits) found += Number(element.dataset.count);
      }
      for (const place of places) place.hidden = !place.querySelector("[data-finding]:not([hidden])");
      const count = (many) => (many === 1 ? say("1 finding") : say("{count} findings", { count: many.toLocaleString("en") }));
      shown.textContent = found === total ? count(total) : say("{found} of {count}", { found: found.toLocaleString("en"), count: count(total) });
      return wish;
    }

    function read() {
      const given = new URLSearchParams(location.hash.slice(1));
      for (const name of names) form.elements[name].value = given.get(name) || "";
      apply();
    }

    function write() {
      const wish = Object.entries(apply()).filter(([, value]) => value);
      const hash = new URLSearchParams(wish).toString();
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
    }

    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", write);
    form.addEventListener("reset", () => { setTimeout(write); form.elements.q.focus(); });
    addEventListener("hashchange", read);
    form.hidden = false;
    read();
  }

  document.querySelectorAll("[data-sortable]").forEach(sortable);
  const form = document.querySelector("[data-findings]");
  if (form) findings(form);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
})();
