// The practice centre as a process of its own, and its control interface (docs/sandbox.md).
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ended } from "./driver.mjs";
import { until } from "./wait.mjs";

export class Sandbox {
  /** @param {string[]} args for `offhook sandbox` */
  static async start(args = [], log = null) {
    const sandbox = new Sandbox();
    const child = spawn(process.env.OFFHOOK_BIN, ["sandbox", "--scenario", "quiet", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    sandbox.process = child;
    if (log) child.stderr.pipe(log, { end: false });
    else child.stderr.resume();
    const line = await new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", (code) => reject(new Error(`the sandbox ended with ${code}`)));
    });
    sandbox.adopt(JSON.parse(line));
    return sandbox;
  }

  /** Follows a sandbox that something else started, from its ready line. */
  static of(ready) {
    const sandbox = new Sandbox();
    sandbox.adopt(ready);
    return sandbox;
  }

  adopt(ready) {
    this.control = ready.control;
    this.url = ready.platforms.daktela.url;
    this.users = ready.platforms.daktela.users;
    this.agent = this.users[0];
    this.dstny = ready.platforms.dstny;
    this.liveagent = ready.platforms.liveagent;
    this.ccaip = ready.platforms.ccaip;
  }

  async #ask(method, path, body) {
    const response = await fetch(this.control + path, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  state() {
    return this.#ask("GET", "/state");
  }
  /** The whole truth of a ticket, by its number or a LiveAgent conversation's id. */
  ticket(name) {
    return this.#ask("GET", `/tickets/${name}`);
  }
  post(path, body = {}) {
    return this.#ask("POST", path, body);
  }
  /** The faults that are still on. */
  faults() {
    return this.#ask("GET", "/faults");
  }
  delete(path) {
    return this.#ask("DELETE", path);
  }

  /** A call rings at the agent now; answers the name of its activity. */
  async ring(call = {}) {
    return (await this.post("/ring", { agent: this.agent.username, ...call })).activity;
  }

  /** What the exchange knows of a call that is not over, by its id or that of one of its lines. */
  async call(id) {
    const { open } = await this.state();
    return open.find((call) => call.id === id || call.legs.some((leg) => leg.id === `channels_${id}`));
  }

  /** Waits until the exchange's picture of a call fits: the call, and the agent's own end of it. */
  callBecomes(what, id, test, ms) {
    return until(
      what,
      async () => {
        const call = await this.call(id);
        const own = call?.legs.find((leg) => leg.agent === this.agent.username && leg.state !== "closed");
        return call && test({ call, own }) ? call : false;
      },
      ms,
    );
  }

  /** What another client of the exchange would be told: the answer to a GET in the name of the agent. */
  async told(path) {
    const { url, users } = this.dstny;
    const headers = { authorization: `Bearer ${users[0].token}`, accept: "application/json" };
    const response = await fetch(`${url}/api/${path}`, { headers });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.json();
  }

  /** What happened so far, oldest first. */
  async events() {
    const text = await (await fetch(`${this.control}/events`)).text();
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  happened(what, test, ms) {
    return until(what, async () => (await this.events()).find(test), ms);
  }

  async stop() {
    if (this.process) await ended(this.process);
  }
}
