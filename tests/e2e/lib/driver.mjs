// A small WebDriver client for the app itself: WebKitWebDriver starts the program and speaks to its windows.
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { findByRole, readRoles } from "./roles.mjs";
import { until } from "./wait.mjs";

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Ends a process we started: first politely, after three seconds for good. */
export async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await gone;
  clearTimeout(insist);
}

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

export class Driver {
  /** The window that commands go to now. */
  #at;
  /** What the app printed, line by line. */
  printed = [];
  /** The driver takes one command after the other; so do we. */
  #turn = Promise.resolve();

  /**
   * Starts the app through the driver. What the app prints comes out of the driver: `printed` has its lines, `log` keeps it.
   * @param {{binary: string, args: string[], env?: Record<string, string>, log: import("node:fs").WriteStream}} options
   */
  static async start({ binary, args, env = {}, log }) {
    const driver = new Driver();
    // A port can be taken between asking for it and using it: try another one then.
    for (let tries = 0; ; tries++) {
      const port = await freePort();
      driver.process = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
        env: { ...process.env, TAURI_WEBVIEW_AUTOMATION: "true", ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      driver.process.stdout.pipe(log, { end: false });
      driver.process.stderr.pipe(log, { end: false });
      driver.base = `http://127.0.0.1:${port}`;
      const up = () => driver.process.exitCode !== null || fetch(`${driver.base}/status`).then((r) => r.ok);
      await until("WebKitWebDriver", up);
      if (driver.process.exitCode === null) break;
      if (tries === 4) throw new Error("WebKitWebDriver does not start");
    }
    createInterface({ input: driver.process.stdout }).on("line", (line) => driver.printed.push(line));
    const session = await driver.#send("POST", "/session", {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary, args } } },
    });
    driver.session = `/session/${session.sessionId}`;
    return driver;
  }

  async #send(method, path, body) {
    const response = await fetch(this.base + path, {
      method,
      headers: { "content-type": "application/json" },
      body: method === "POST" ? JSON.stringify(body ?? {}) : undefined,
    });
    const { value } = await response.json();
    if (!response.ok) {
      throw Object.assign(new Error(`${method} ${path}: ${value?.error}: ${value?.message}`), {
        code: value?.error,
      });
    }
    return value;
  }

  /** One command to one window; `null` for the session itself. */
  send(handle, method, path, body) {
    const turn = this.#turn.then(async () => {
      if (handle && handle !== this.#at) {
        await this.#send("POST", `${this.session}/window`, { handle });
        this.#at = handle;
      }
      return this.#send(method, this.session + path, body);
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** The window whose address passes the test: handles have no order that means anything. */
  async page(what, test) {
    const handle = await until(`the ${what} window`, async () => {
      for (const handle of await this.send(null, "GET", "/window/handles")) {
        if (test(await this.send(handle, "GET", "/url"))) return handle;
      }
    });
    return new Page(this, handle);
  }

  /** Ends the app and the driver; one that does not want to end is made to. */
  async stop() {
    if (this.session) {
      const signal = AbortSignal.timeout(5_000);
      await fetch(this.base + this.session, { method: "DELETE", signal }).catch(() => {});
    }
    await ended(this.process);
  }
}

/** One window of the app. Things are found as a person finds them: by role and name. */
export class Page {
  constructor(driver, handle) {
    this.driver = driver;
    this.handle = handle;
  }

  send(method, path, body) {
    return this.driver.send(this.handle, method, path, body);
  }

  /** Runs a function in the page. It sees nothing of this file. */
  run(fn, ...args) {
    return this.send("POST", "/execute/sync", { script: `return (${fn})(...arguments)`, args });
  }

  /** A command of the core, asked for as the page would ask. */
  async call(command, request = null) {
    const answer = await this.send("POST", "/execute/async", {
      script: `const [command, request, done] = arguments;
        window.__TAURI_INTERNALS__.invoke("call", { command, request })
          .then((ok) => done({ ok }), (problem) => done({ problem }));`,
      args: [command, request],
    });
    if ("problem" in answer)
      throw Object.assign(new Error(`${command}: ${JSON.stringify(answer.problem)}`), answer);
    return answer.ok;
  }

  /** What is there now with this role and name, without waiting. A name is a text or a pattern. */
  async find(role, name, within) {
    const wanted = name instanceof RegExp ? { source: name.source, flags: name.flags } : { text: name };
    const found = await this.run(findByRole, role, wanted, within ? { [ELEMENT]: within } : null);
    return found ? found[ELEMENT] : null;
  }

  /** Waits until something with this role and name is there. */
  async get(role, name, { within, ms } = {}) {
    try {
      return await until(`${role} ${name}`, () => this.find(role, name, within), ms);
    } catch (error) {
      const seen = await this.run(readRoles).catch(() => []);
      throw new Error(`${error.message}\non the page:\n  ${seen.join("\n  ")}`);
    }
  }

  /** The same, as an argument for `run`. */
  async element(role, name, options) {
    return { [ELEMENT]: await this.get(role, name, options) };
  }

  gone(role, name, ms) {
    return until(`no ${role} ${name}`, async () => !(await this.find(role, name)), ms);
  }

  /** Clicks with the mouse, when it is there and nothing covers it. */
  click(role, name, options = {}) {
    return until(
      `a click on ${role} ${name}`,
      async () => {
        const element = await this.get(role, name, { ms: 5_000, ...options });
        await this.send("POST", `/element/${element}/click`);
        return true;
      },
      options.ms,
    );
  }

  /** Types into a field that held something or nothing before. */
  fill(role, name, text, options = {}) {
    // A field that is drawn anew meanwhile is written to again: all of it is typed over.
    return until(
      `${text} in ${role} ${name}`,
      async () => {
        const element = await this.get(role, name, { ms: 5_000, ...options });
        await this.send("POST", `/element/${element}/click`);
        // Chosen by Ctrl+A and typed over, as a person does: what WebDriver clears the page does not hear of.
        await this.send("POST", `/element/${element}/value`, { text: "\uE009a" });
        await this.send("POST", `/element/${element}/value`, { text });
        return true;
      },
      options.ms,
    );
  }

  /** Gives a file to the page, as the system's own dialog would: that dialog is not drawn by the page. */
  async upload(file) {
    const input = await until("a field for a file", () =>
      this.run(() => document.querySelector("input[type=file]")),
    );
    await this.send("POST", `/element/${input[ELEMENT]}/value`, { text: file });
  }

  async text(role, name, options) {
    const element = await this.get(role, name, options);
    return this.send("GET", `/element/${element}/text`);
  }

  /** Waits until a field holds this text. */
  holds(role, name, text) {
    return until(`${text} in ${role} ${name}`, async () => {
      const element = await this.get(role, name);
      return (await this.send("GET", `/element/${element}/property/value`)) === text;
    });
  }

  /** Waits until the page shows this text or pattern. */
  shows(words, ms) {
    return until(
      `the words ${words}`,
      async () => {
        const text = await this.run(() => document.body.innerText);
        return words instanceof RegExp ? words.test(text) : text.includes(words);
      },
      ms,
    );
  }

  /** What axe-core finds that is serious or critical. */
  async serious(axe) {
    if (!(await this.run(() => "axe" in window)))
      await this.send("POST", "/execute/sync", { script: axe, args: [] });
    const violations = await this.send("POST", "/execute/async", {
      script: `const done = arguments[0];
        // react-aria's own announcer names a control for a moment that may be gone by now; it is never seen.
        window.axe.run({ exclude: ["[data-live-announcer]"] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] })
          .then((r) => done(r.violations), (e) => done([{ id: String(e), impact: "critical", nodes: [] }]));`,
      args: [],
    });
    // The palette's list is moved through from its input (aria-activedescendant): a list needs no focus of its own then.
    const drivenFromInput = (v) =>
      v.id === "scrollable-region-focusable" && v.nodes.every((n) => n.html.includes('role="listbox"'));
    return violations
      .filter((v) => (v.impact === "serious" || v.impact === "critical") && !drivenFromInput(v))
      .map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary ?? ""}`).join(" | ")}`);
  }
}
