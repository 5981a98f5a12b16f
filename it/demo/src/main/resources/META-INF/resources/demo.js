"use strict";

const COMMON = ["uptime", "df -h", "cat /etc/motd", "ls", "help", "yes | head -n 3", "slow 4", "sleep 2", "fail 3", "yes"];
const HISTORY = 60;
const MOST_CARDS = 24;

const $ = id => document.getElementById(id);
const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** An element; text goes in as text, never as HTML. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function svg(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

async function call(method, path, body) {
  const request = { method, headers: { Accept: "application/json" } };
  if (body) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const response = await fetch(path, request);
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.message || `${path} answered ${response.status}`);
  }
  return response.status === 204 ? null : response.json();
}

function time(millis) {
  if (millis < 1000) return `${Math.round(millis)} ms`;
  if (millis < 60_000) return `${(millis / 1000).toFixed(1)} s`;
  const minutes = Math.floor(millis / 60_000);
  return minutes < 60 ? `${minutes} min ${Math.floor(millis / 1000) % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Time in a table: whole seconds, so that it does not flicker. */
const age = millis => millis < 1000 ? "now" : time(Math.floor(millis / 1000) * 1000).replace(".0 s", " s");

/* ---- running commands ---- */

function selected() {
  return document.querySelector("input[name=host]:checked").value;
}

function suggest(hosts) {
  const host = hosts.find(one => one.name === selected());
  const commands = host ? [...host.suggestions, ...COMMON] : COMMON;
  $("suggestions").replaceChildren(...commands.map(command => el("option", { value: command })));
  $("chips").replaceChildren(...commands.slice(0, 12).map(command => {
    const chip = el("button", { type: "button" }, command);
    chip.addEventListener("click", () => {
      $("command").value = command;
      $("command").focus();
    });
    return chip;
  }));
}

function end(outcome) {
  if (outcome.error) return { text: outcome.error.type, look: "bad" };
  if (outcome.signal) return { text: `signal ${outcome.signal}`, look: "bad" };
  return { text: `exit ${outcome.exitCode}`, look: outcome.exitCode === 0 ? "good" : "bad" };
}

function output(kind, label, text) {
  return el("pre", { class: kind, tabindex: "0", "aria-label": label }, text);
}

function card(outcome, command) {
  const { text, look } = end(outcome);
  const head = el("header", {}, el("h4", {}, outcome.host), el("code", { title: command }, command), el("span", { class: `badge ${look}` }, text));
  if (outcome.millis !== undefined) head.append(el("time", {}, time(outcome.millis)));
  const result = el("article", { class: "card", "data-host": outcome.host, "aria-label": `${outcome.host}: ${text}` }, head);
  if (outcome.error) {
    result.append(el("div", { class: "problem" },
      el("p", {}, outcome.error.message),
      el("p", {}, outcome.error.retryable ? "Retryable: trying again is safe and may help." : "Not retryable.")));
  }
  if (outcome.stdout) result.append(output("out", `standard output of ${outcome.host}`, outcome.stdout));
  if (outcome.stderr) result.append(output("err", `standard error of ${outcome.host}`, outcome.stderr));
  if (!outcome.error && !outcome.stdout && !outcome.stderr) result.append(el("p", { class: "none" }, "no output"));
  return result;
}

function show(outcomes, command) {
  const results = $("results");
  results.querySelector(".empty")?.remove();
  results.prepend(...outcomes.map(outcome => card(outcome, command)));
  while (results.children.length > MOST_CARDS) results.lastElementChild.remove();
  results.scrollTop = 0;
  $("clear").hidden = false;
}

async function run(event) {
  event.preventDefault();
  const button = event.target.querySelector("button[type=submit]");
  const command = $("command").value;
  const host = selected();
  button.disabled = true;
  $("status").textContent = "Running";
  try {
    const answer = host === "*" ? await call("POST", "/api/run", { command }) : [await call("POST", `/api/run/${host}`, { command })];
    show(answer, command);
    $("status").textContent = answer.map(outcome => `${outcome.host}: ${end(outcome).text}`).join(", ");
  } catch (failure) {
    const error = { type: "The demo did not answer", message: failure.message, retryable: false };
    show([{ host: host === "*" ? "all hosts" : host, error }], command);
  } finally {
    button.disabled = false;
  }
}

/* ---- the pool ---- */

const TILES = [
  { name: "Connections", of: pool => pool.connections.length, limit: pool => pool.limits.connections },
  { name: "Channels in use", of: pool => pool.channels, limit: pool => pool.limits.connections * pool.limits.channels },
  { name: "Waiting", of: pool => pool.waiting },
  { name: "Leases a second", of: (pool, before) => before ? pool.acquired - before.acquired : 0 },
];

function tiles() {
  for (const tile of TILES) {
    tile.history = [];
    tile.value = el("dd");
    tile.area = svg("polygon", {});
    tile.curve = svg("polyline", {});
    const chart = svg("svg", { viewBox: `0 0 ${HISTORY - 1} 20`, preserveAspectRatio: "none", "aria-hidden": "true" });
    chart.append(tile.area, tile.curve);
    $("tiles").append(el("div", { class: "tile" }, el("dt", {}, tile.name), tile.value, el("dd", { class: "chart" }, chart)));
  }
}

function draw(tile, value, limit) {
  tile.history.push(value);
  if (tile.history.length > HISTORY) tile.history.shift();
  tile.value.replaceChildren(String(value), limit === undefined ? "" : el("small", {}, ` of ${limit}`));
  const top = Math.max(limit ?? 0, ...tile.history, 1);
  const start = HISTORY - tile.history.length;
  const points = tile.history.map((one, i) => `${start + i},${(19 - 18 * one / top).toFixed(2)}`);
  tile.curve.setAttribute("points", points.join(" "));
  tile.area.setAttribute("points", `${start},20 ${points.join(" ")} ${HISTORY - 1},20`);
}

function slot(connection, channels) {
  const look = !connection ? "" : connection.state !== "OPEN" ? "changing" : connection.channels > 0 ? "open active" : "open";
  const name = !connection ? "–" : connection.state === "OPEN" ? connection.target : `${connection.target} ${connection.state.toLowerCase()}`;
  const dots = el("span", { class: "dots" });
  for (let i = 0; i < channels; i++) dots.append(el("i", { class: connection && i < connection.channels ? "on" : "" }));
  return el("li", { class: `slot ${look}` }, el("b", {}, name), dots);
}

const LOOKS = { CONNECTING: "warn", OPEN: "good", RETIRED: "warn", CLOSING: "warn" };

function row(connection) {
  const busy = connection.state === "OPEN" && connection.channels > 0;
  const state = connection.state === "OPEN" ? (busy ? "in use" : "idle") : connection.state.toLowerCase();
  const number = text => el("td", { class: "number" }, String(text));
  return el("tr", {},
    el("td", {}, String(connection.id)),
    el("td", {}, connection.target),
    el("td", {}, el("span", { class: `badge ${busy ? "busy" : LOOKS[connection.state]}` }, state)),
    number(age(connection.age)),
    number(busy ? "now" : age(connection.idle)),
    number(connection.uses),
    number(connection.channels));
}

function counters(pool) {
  const share = pool.acquired ? Math.round(100 * pool.reused / pool.acquired) : 0;
  const closed = Object.entries(pool.closed).filter(([, count]) => count > 0).sort();
  const all = [
    ["acquired", pool.acquired],
    ["reused", `${pool.reused} (${share} %)`],
    ["created", pool.created],
    ["connects failed", pool.connectFailures],
    ["timed out", pool.timeouts],
    ...closed.map(([reason, count]) => [`closed: ${reason.toLowerCase()}`, count]),
  ];
  $("counters").replaceChildren(...all.map(([name, value]) => el("span", {}, `${name} `, el("b", {}, String(value)))));
}

function burst(progress) {
  const ended = progress.succeeded + progress.failed;
  $("burst").disabled = progress.running;
  $("burst").textContent = progress.running ? `${ended} of ${progress.total} done` : "Load: 200 commands";
  if (burst.running && !progress.running) {
    const failed = progress.failed ? `, ${progress.failed} failed` : "";
    $("pool-note").textContent = `Load: ${plural(progress.succeeded, "command")} succeeded${failed}.`;
  }
  burst.running = progress.running;
}

/** Ids of connections, by place: one that is still there keeps its place. */
const places = [];

function place(all, limit) {
  const rows = new Map(all.map(connection => [connection.id, connection]));
  for (let i = 0; i < limit; i++) if (!rows.has(places[i])) places[i] = undefined;
  const fresh = all.map(connection => connection.id).filter(id => !places.includes(id));
  for (let i = 0; i < limit; i++) places[i] ??= fresh.shift();
  return places.map(id => rows.get(id));
}

let before;

function watch(pool) {
  for (const tile of TILES) draw(tile, tile.of(pool, before), tile.limit?.(pool));
  const { connections, channels } = pool.limits;
  $("slots").replaceChildren(...place(pool.connections, connections).map(one => slot(one, channels)));
  counters(pool);
  $("connections").replaceChildren(...pool.connections.length
    ? pool.connections.map(row)
    : [el("tr", {}, el("td", { class: "wide", colspan: "7" }, "No connection is open."))]);
  burst(pool.burst);
  for (const [name, running] of Object.entries(pool.running)) power(name, running);
  before = pool;
}

async function poll() {
  try {
    watch(await call("GET", "/api/pool"));
    drawTimeline(await call("GET", "/api/timeline"));
    await readiness();
    $("offline").hidden = true;
  } catch (failure) {
    $("offline").hidden = false;
  } finally {
    setTimeout(poll, 1000);
  }
}

/* ---- the time line ---- */

const KINDS = ["acquire", "connect", "exec"];
const LANES = { acquire: 6, connect: 4, exec: 8 };
const LANE = 10;
const LABEL = 14;

/** Puts each span into the first lane that is free; what finds none is drawn over the last. */
function lanes(spans, most, now) {
  const ends = [];
  return spans.map(span => {
    const end = span.end < 0 ? now : span.end;
    let lane = ends.findIndex(free => free <= span.start);
    if (lane < 0) lane = Math.min(ends.length, most - 1);
    ends[lane] = Math.max(end, ends[lane] ?? 0);
    return lane;
  });
}

function bar(span, x, y, width) {
  const shape = svg("rect", { x: x.toFixed(1), y, width: Math.max(2, width).toFixed(1), height: LANE - 3, class: `${span.kind}${span.failed ? " failed" : ""}${span.end < 0 ? " open" : ""}` });
  const title = svg("title", {});
  title.textContent = `${span.kind} ${span.host}: ${span.end < 0 ? "under way" : `${span.end - span.start} ms, ${span.outcome}`}`;
  shape.append(title);
  return shape;
}

let drawing;

function drawTimeline(latest) {
  drawing = latest;
  const { now, window, spans } = latest;
  const chart = $("spans");
  const width = chart.clientWidth;
  const x = at => width * (1 - (now - at) / window);
  const shapes = [];
  let top = 2;
  for (const kind of KINDS) {
    const label = svg("text", { x: 8, y: top + 11 });
    label.textContent = kind === "exec" ? "command" : kind;
    const own = spans.filter(span => span.kind === kind);
    const lane = lanes(own, LANES[kind], now);
    own.forEach((span, i) => {
      const from = Math.max(0, x(span.start));
      shapes.push(bar(span, from, top + LABEL + lane[i] * LANE, x(span.end < 0 ? now : span.end) - from));
    });
    top += LABEL + LANES[kind] * LANE;
    shapes.push(label, svg("line", { x1: 0, x2: width, y1: top, y2: top }));
  }
  chart.setAttribute("viewBox", `0 0 ${width} ${top}`);
  chart.style.height = `${top}px`;
  chart.replaceChildren(...shapes);
  const count = kind => spans.filter(span => span.kind === kind).length;
  $("spans-note").textContent = `The last ${window / 1000} seconds: ${plural(count("acquire"), "acquire")}, ${plural(count("connect"), "connect")}, `
    + `${plural(count("exec"), "command")}, ${spans.filter(span => span.failed).length} failed.`;
}

/* ---- the readiness probe ---- */

/** As an orchestrator asks: 503 is an answer, too. */
async function readiness() {
  const response = await fetch("/q/health/ready", { headers: { Accept: "application/json" } });
  const { checks } = await response.json();
  const check = checks.find(one => one.name === "sshpool");
  const { build, waiting, healthy } = check.data;
  const up = check.status === "UP";
  $("readiness").replaceChildren(
    "The readiness probe says ",
    el("span", { class: `badge ${up ? "good" : "bad"}` }, `${response.status} ${check.status}`),
    up ? ` – build, the only required host, can be reached. ${plural(healthy, "healthy connection")}, ${waiting} waiting.`
      : ` – build, which is required: ${build}.`);
}

/* ---- the hosts ---- */

const views = new Map();

function power(name, running) {
  const view = views.get(name);
  if (!view || view.isRunning === running) return;
  view.isRunning = running;
  view.root.classList.toggle("off", !running);
  view.badge.className = `badge ${running ? "good" : "bad"}`;
  view.badge.textContent = running ? "running" : "stopped";
  view.power.textContent = running ? "Stop" : "Start";
  view.power.setAttribute("aria-label", `${running ? "Stop" : "Start"} ${name}`);
  view.choice.className = running ? "up" : "down";
  view.choice.replaceChildren(name, el("span", { class: "visually-hidden" }, running ? "" : " (stopped)"));
}

function button(label, name, action) {
  const made = el("button", { type: "button", "aria-label": `${label} ${name}` }, label);
  made.addEventListener("click", async () => {
    made.disabled = true;
    try {
      await action();
    } catch (failure) {
      $("pool-note").textContent = failure.message;
    } finally {
      made.disabled = false;
    }
  });
  return made;
}

function host(one) {
  const view = { badge: el("span"), health: el("p", { class: "health" }) };
  view.power = button("Stop", one.name, async () => {
    const now = await call("POST", `/api/hosts/${one.name}/${view.isRunning ? "stop" : "start"}`);
    power(one.name, now.running);
    $("pool-note").textContent = `${one.name} is ${now.running ? "running" : "stopped"}.`;
  });
  const evict = button("Evict", one.name, async () => {
    const { evicted } = await call("POST", `/api/hosts/${one.name}/evict`);
    $("pool-note").textContent = `Retired ${plural(evicted, "connection")} to ${one.name}.`;
  });
  view.root = el("li", { class: "host", "data-host": one.name },
    el("h3", {}, one.name, view.badge),
    el("p", {}, `${one.description[0].toUpperCase()}${one.description.slice(1)}, port ${one.port}`),
    view.health,
    el("div", { class: "actions" }, view.power, evict));
  view.choice = el("span");
  views.set(one.name, view);
  $("hosts").append(view.root);
  $("picker").append(el("label", {}, el("input", { type: "radio", name: "host", value: one.name }), view.choice));
  power(one.name, one.running);
}

const HEALTH = { UP: "good", DOWN: "bad", UNKNOWN: "" };

function health(report) {
  for (const [name, target] of Object.entries(report.targets)) {
    views.get(name)?.health.replaceChildren(
      "The pool says ",
      el("span", { class: `badge ${HEALTH[target.state]}` }, target.state === "UNKNOWN" ? "not tried yet" : target.state.toLowerCase()),
      target.reason ? ` ${target.reason}` : "");
  }
}

/** Every few seconds, so that the hosts' cards say what the pool knows. */
async function checkHealth() {
  const report = await call("POST", "/api/pool/health");
  health(report);
  return report;
}

async function releases() {
  try {
    const found = await call("GET", "/api/release");
    const behind = Object.entries(found).filter(([, release]) => release !== found.build).map(([name]) => name);
    $("hosts-note").textContent = `Built: ${found.build}. web1 has ${found.web1}, web2 has ${found.web2}`
      + (behind.length ? `: ${behind.join(" and ")} should be updated.` : ".");
  } catch (failure) {
    $("hosts-note").textContent = failure.message;
  }
}

async function start() {
  tiles();
  const hosts = await call("GET", "/api/hosts");
  hosts.forEach(host);
  suggest(hosts);
  $("picker").addEventListener("change", () => suggest(hosts));
  $("run").addEventListener("submit", run);
  $("clear").addEventListener("click", () => {
    $("results").replaceChildren(el("p", { class: "empty" }, "Cleared."));
    $("clear").hidden = true;
    $("command").focus();
  });
  $("burst").addEventListener("click", () => call("POST", "/api/pool/burst?commands=200").then(progress => {
    $("pool-note").textContent = `Running ${plural(progress.total, "command")} over all hosts, as fast as the pool lets them.`;
    burst(progress);
  }, failure => {
    $("pool-note").textContent = failure.message;
  }));
  $("health").addEventListener("click", () => checkHealth().then(report => {
    $("pool-note").textContent = report.total
      ? `Probed ${plural(report.total, "connection")}: ${report.healthy} healthy, ${report.failed} failed.`
      : "No connection to probe.";
  }, failure => {
    $("pool-note").textContent = failure.message;
  }));
  $("releases").addEventListener("click", releases);
  addEventListener("resize", () => drawing && drawTimeline(drawing));
  checkHealth().catch(() => {});
  setInterval(() => checkHealth().catch(() => {}), 4000);
  poll();
}

start().catch(() => {
  $("offline").hidden = false;
});
