// The table of numbers: search, filter, sort, pages. All rows stay data; only one page of them is in the document.
"use strict";
(() => {
  const PAGE = 100, PRINTED = 2000;
  const STATES = ["dead", "elsewhere", "missing", "not in account", "differs", "to look at", "not read", "unmanaged", "pending", "accepted", "as declared", "not asked"];
  const SIDE = { declared: 1, live: 2 };
  const HAN = /[\u3400-\u9fff\uf900-\ufaff]/;
  const COLLATOR = new Intl.Collator(["zh-Hans", "en"], { numeric: true });

  const number = (count) => count.toLocaleString("en");

  function columns(data) {
    const word = (name) => (row) => data[name].names[data[name].at[row]];
    const found = { number: (row) => data.number[row], fen: (row) => data.fen[row] };
    for (const name of ["stack", "instance", "state", "place", "agent", "order", "vendor", "kinds"]) found[name] = word(name);
    for (const field of ["usage", "flow", "groups"]) {
      const declared = word(`declared_${field}`), live = word(`live_${field}`);
      // CCC counts; a number that is not there yet is shown as declared.
      found[field] = (row) => (data.sides[row] & SIDE.live ? live(row) : declared(row));
      found[`declared_${field}`] = declared;
      found[`live_${field}`] = live;
    }
    return found;
  }

  function start(box) {
    const data = JSON.parse(box.querySelector("[data-rows]").textContent);
    const of = columns(data);
    const withStack = "withStack" in box.dataset, root = box.dataset.root;
    const form = box.querySelector("form"), table = box.querySelector("table"), body = table.tBodies[0];
    const pager = box.querySelector(".pager"), shown = box.querySelector("[data-shown]");
    const selects = [...form.querySelectorAll("select")].map((select) => select.name);
    const every = Array.from({ length: data.count }, (_, row) => row);
    const known = {};
    const haystacks = every.map((row) => plainText([
      of.number(row), of.stack(row), of.instance(row), of.place(row), of.declared_usage(row), of.live_usage(row), of.declared_flow(row),
      of.live_flow(row), of.declared_groups(row), of.live_groups(row), of.agent(row), of.order(row), of.vendor(row), of.state(row), say(of.state(row)), of.kinds(row),
    ].join("\n")));
    let wish = { q: "", sort: "", page: 1 }, rows = every;

    // --- the filters, in the address: a view can be linked, kept and gone back to

    function read() {
      const given = new URLSearchParams(location.hash.slice(1));
      const mine = ["q", "sort", "page", ...selects].some((name) => given.has(name));
      wish = { q: given.get("q") || "", sort: given.get("sort") || "", page: Number.parseInt(given.get("page"), 10) || 1 };
      for (const name of selects) wish[name] = given.get(name) || "";
      form.elements.q.value = wish.q;
      for (const name of selects) {
        form.elements[name].value = wish[name];
        if (form.elements[name].value !== wish[name]) wish[name] = form.elements[name].value = "";
      }
      return mine;
    }

    function write() {
      const kept = Object.entries(wish).filter(([name, value]) => value && !(name === "page" && value === 1));
      const hash = new URLSearchParams(kept).toString();
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
    }

    // --- which rows, in which order

    function choose() {
      const found = searchFor(wish.q), searching = wish.q.trim() !== "";
      const wanted = selects.filter((name) => wish[name]);
      const fits = (row) => wanted.every((name) => has(name, row, wish[name])) && found(haystacks[row]);
      rows = searching || wanted.length ? every.filter(fits) : every;
      if (wish.sort) rows = sorted(rows, wish.sort);
    }

    const has = (name, row, value) => (name === "kind" ? of.kinds(row).split(" ").includes(value) : of[name](row) === value);

    function sorted(list, sort) {
      const down = sort.startsWith("-"), keys = keysOf(down ? sort.slice(1) : sort);
      const compare = (a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0);
      return keys ? [...list].sort((a, b) => (down ? compare(b, a) : compare(a, b)) || a - b) : list;
    }

    // Few words, many rows: words are compared once, and rows by the places of their words.
    function keysOf(name) {
      if (name in known) return known[name];
      const ranked = (column) => {
        const order = column.names.map((_, index) => index).sort((a, b) => COLLATOR.compare(column.names[a], column.names[b]));
        const rank = [];
        order.forEach((word, place) => { rank[word] = place; });
        return column.at.map((word) => rank[word]);
      };
      const made = {
        number: () => data.number,
        fen: () => data.fen.map((fen) => fen ?? -1),
        state: () => every.map((row) => STATES.indexOf(of.state(row))),
        instance: () => {
          const stack = ranked(data.stack), instance = ranked(data.instance);
          return every.map((row) => stack[row] * data.instance.names.length + instance[row]);
        },
        place: () => ranked(data.place),
        order: () => ranked(data.order),
        ...Object.fromEntries(["usage", "flow", "groups"].map((field) => [field, () => ranked(interned(every.map(of[field])))])),
      }[name];
      return made ? (known[name] = made()) : null;
    }

    // --- the document

    function show() {
      const pages = Math.max(1, Math.ceil(rows.length / PAGE));
      wish.page = Math.min(Math.max(1, wish.page), pages);
      const first = (wish.page - 1) * PAGE;
      put(rows.slice(first, first + PAGE));
      pager.hidden = pages === 1;
      pager.querySelector("[data-page]").textContent = say("Page {page} of {pages}", { page: number(wish.page), pages: number(pages) });
      for (const button of pager.querySelectorAll("button")) {
        button.disabled = ["first", "back"].includes(button.dataset.go) ? wish.page === 1 : wish.page === pages;
      }
      const all = count(data.count), last = number(Math.min(first + PAGE, rows.length));
      const found = rows.length === data.count ? all : say("{found} found among {count}", { found: number(rows.length), count: all });
      shown.textContent = rows.length > PAGE ? say("{first}–{last} of {count}", { first: number(first + 1), last, count: found }) : found;
      for (const head of table.tHead.rows[0].cells) {
        const mine = wish.sort.replace("-", "") === head.dataset.sort;
        if (mine) head.setAttribute("aria-sort", wish.sort.startsWith("-") ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      }
    }

    const count = (many) => (many === 1 ? say("1 number") : say("{count} numbers", { count: number(many) }));
    const put = (list) => body.replaceChildren(...(list.length ? list.map(line) : [nothing()]));

    function nothing() {
      const row = make("tr", "nothing"), cell = make("td", "", say(data.count ? "No numbers match." : "No numbers are declared."));
      cell.colSpan = table.tHead.rows[0].cells.length;
      row.append(cell);
      return row;
    }

    function line(row) {
      const tr = make("tr");
      const head = make("th", "number", of.number(row));
      head.scope = "row";
      if (of.agent(row)) head.append(under(say("agent {agent}", { agent: of.agent(row) })));
      tr.append(head, at(row), cell("Place", of.place(row) || "–"), ...["usage", "flow", "groups"].map((field) => bound(row, field)), bought(row));
      const fen = data.fen[row];
      const money = cell("¥ a month", fen === null ? "–" : (fen / 100).toLocaleString("en", { minimumFractionDigits: 2 }));
      money.classList.add("n");
      tr.append(money, standing(row));
      return tr;
    }

    function at(row) {
      const td = cell(withStack ? "Where" : "Instance", withStack ? "" : of.instance(row));
      if (withStack) td.append(link(of.stack(row), `${root}stacks/${encodeURIComponent(of.stack(row))}.html`), under(of.instance(row)));
      return td;
    }

    function bound(row, field) {
      const sides = data.sides[row], live = of[`live_${field}`](row), declared = of[`declared_${field}`](row);
      const td = cell({ usage: "Usage", flow: "Flow", groups: "Skill groups" }[field], of[field](row) || "–");
      if (!(sides & SIDE.live)) td.classList.add("soft");
      else if (sides & SIDE.declared && live !== declared) {
        td.classList.add("other");
        td.append(under(say("declared {value}", { value: declared || say("none") })));
      }
      return td;
    }

    function bought(row) {
      const order = of.order(row), td = cell("Order", order ? "" : "–");
      if (!order && of.vendor(row)) td.append(under(say("no order, vendor {vendor}", { vendor: of.vendor(row) })));
      if (order) {
        const anchor = `order-${of.stack(row)}-${order}`.replace(/[^\p{L}\p{N}_.-]/gu, "_");
        td.append(link(order, `${withStack ? "orders.html" : ""}#${anchor}`), under(say("vendor {vendor}", { vendor: of.vendor(row) })));
      }
      return td;
    }

    function standing(row) {
      const state = of.state(row), kinds = of.kinds(row).split(" ").filter((kind) => kind && kind !== state);
      const td = cell("State", "");
      td.append(make("span", `state state-${state.replaceAll(" ", "-")}`, say(state)));
      if (of.kinds(row)) {
        const hash = new URLSearchParams({ q: of.number(row) });
        const more = make("span", "under");
        more.append(link(kinds.join(", ") || say("what to do"), `${root}findings.html#${hash}`));
        td.append(more);
      }
      return td;
    }

    function cell(label, text) {
      const td = make("td", "", text);
      td.dataset.label = say(label);
      return td;
    }

    // --- what people do

    function apply(change) {
      Object.assign(wish, { page: 1 }, change);
      choose();
      show();
      write();
    }

    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => apply(Object.fromEntries(["q", ...selects].map((name) => [name, form.elements[name].value]))));
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const name of ["q", ...selects]) form.elements[name].value = "";
      apply(Object.fromEntries(["q", "sort", ...selects].map((name) => [name, ""])));
      form.elements.q.focus();
    });
    table.tHead.addEventListener("click", (event) => {
      const name = event.target.closest("th")?.dataset.sort;
      if (name) apply({ sort: wish.sort === name ? `-${name}` : wish.sort === `-${name}` ? "" : name });
    });
    pager.addEventListener("click", (event) => {
      const last = Math.ceil(rows.length / PAGE);
      const page = { first: 1, back: wish.page - 1, next: wish.page + 1, last }[event.target.dataset?.go];
      if (!page) return;
      apply({ page });
      table.scrollIntoView({ block: "start" });
    });
    addEventListener("hashchange", () => { if (read()) { choose(); show(); box.scrollIntoView(); } });
    // On paper there are no pages to turn: the chosen rows are printed, as far as a printer is the place for them.
    addEventListener("beforeprint", () => {
      put(rows.slice(0, PRINTED));
      if (rows.length > PRINTED) shown.textContent = say("The first {first} of {count}; all of them are in numbers.csv.", { first: number(PRINTED), count: count(rows.length) });
    });
    addEventListener("afterprint", show);

    fill(form, selects, every, of);
    const linked = read();
    choose();
    show();
    form.hidden = table.hidden = false;
    if (linked && !withStack) box.scrollIntoView();
  }

  function fill(form, selects, every, of) {
    for (const name of selects) {
      const counted = new Map();
      const add = (word) => word && counted.set(word, (counted.get(word) || 0) + 1);
      for (const row of every) (name === "kind" ? of.kinds(row).split(" ") : [of[name](row)]).forEach(add);
      const words = [...counted.keys()].sort(COLLATOR.compare);
      form.elements[name].append(...words.map((word) => new Option(`${name === "state" ? say(word) : word} (${number(counted.get(word))})`, word)));
      form.elements[name].closest("label").hidden = words.length < 2;
    }
  }

  function interned(words) {
    const names = [...new Set(words)], at = new Map(names.map((word, index) => [word, index]));
    return { names, at: words.map((word) => at.get(word)) };
  }

  function make(tag, name, text) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) {
      element.textContent = text;
      if (HAN.test(text)) element.lang = "zh-Hans";
    }
    return element;
  }

  const under = (text) => make("span", "under", text);

  function link(text, href) {
    const a = make("a", "", text);
    a.href = href;
    return a;
  }

  document.querySelectorAll("[data-numbers]").forEach(start);
})();
