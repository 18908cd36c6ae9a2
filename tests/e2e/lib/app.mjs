// The app under test: its own folder, its accounts, its windows, its processes.
import { spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "node:test";
import { clearNotifications, shot } from "./desktop.mjs";
import { Driver } from "./driver.mjs";
import { Sandbox } from "./sandbox.mjs";
import { until } from "./wait.mjs";

const BIN = process.env.OFFHOOK_BIN;
if (!BIN || !existsSync(BIN)) throw new Error(`OFFHOOK_BIN does not name the built program: ${BIN}`);
if (!process.env.OFFHOOK_STATE) throw new Error("run this inside tests/headless/session.sh");

/** axe-core, as text for the page. */
export const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The command line, with this folder; answers {status, stdout, stderr}. */
export function offhook(folder, args, input = "") {
  return spawnSync(BIN, ["--config-dir", folder, ...args], { encoding: "utf8", input, timeout: 60_000 });
}

export class App {
  /**
   * A sandbox, and the app signed in to it through `doors`; not started yet if `window` is false.
   * @param {{doors?: ("daktela" | "dstny" | "liveagent" | "ccaip")[], account?: boolean, window?: boolean, sandbox?: string[],
   *   env?: Record<string, string>, args?: string[]}} options `account: false` is short for no doors
   */
  static async start({
    account = true,
    doors = account ? ["daktela"] : [],
    window = true,
    sandbox = [],
    env = {},
    args = [],
  } = {}) {
    const app = new App();
    app.folder = mkdtempSync(join(process.env.OFFHOOK_STATE, "app-"));
    const logs = process.env.OFFHOOK_LOGS ?? process.env.OFFHOOK_STATE;
    mkdirSync(logs, { recursive: true });
    app.logFile = join(logs, `${app.folder.split("/").pop()}.log`);
    app.log = createWriteStream(app.logFile);
    app.sandbox = await Sandbox.start(sandbox, app.log);
    app.env = env;
    app.args = args;
    const add = { daktela: "addAccount", dstny: "addDstny", liveagent: "addLiveAgent", ccaip: "addCcaip" };
    for (const door of doors) app[add[door]]();
    if (window) await app.launch();
    return app;
  }

  /** Signs in on the command line, as a person at a terminal would; the secret goes through standard input. */
  addAccount(user = this.sandbox.agent) {
    this.#add(["--url", this.sandbox.url, "--user", user.username], user.password);
  }

  /** Signs in to the exchange of a sandbox with the user's token. */
  addDstny({ url, users: [user] } = this.sandbox.dstny) {
    const who = `${user.username}@${user.domain}`;
    this.#add(
      ["--platform", "dstny", "--name", "Exchange", "--url", url, "--user", who, "--token"],
      user.token,
    );
  }

  /** Signs in to the help desk of a sandbox with the account's key and the agent's own of API v3. */
  addLiveAgent({ url, key, users: [user] } = this.sandbox.liveagent) {
    const how = ["--user", user.username, "--token", "--second-token"];
    this.#add(
      ["--platform", "liveagent", "--name", "Help desk", "--url", url, ...how],
      `${key}\n${user.v3_key}`,
    );
  }

  /** Signs in to the contact cloud of a sandbox with the customer's token, as one of its agents. */
  addCcaip({ url, user, token, users: [agent] } = this.sandbox.ccaip) {
    const how = ["--user", agent.username, "--token", "--token-user", user];
    this.#add(["--platform", "ccaip", "--name", "Contact cloud", "--url", url, ...how], token);
  }

  #add(args, secret) {
    const { status, stderr, stdout } = offhook(this.folder, ["accounts", "add", ...args], `${secret}\n`);
    if (status !== 0) throw new Error(`accounts add: ${status}\n${stdout}${stderr}`);
  }

  async launch() {
    this.driver = await Driver.start({
      binary: BIN,
      args: ["--config-dir", this.folder, ...this.args],
      env: this.env,
      log: this.log,
    });
    this.main = await this.driver.page("main", (url) => !url.includes("popup"));
  }

  /** The window that shows what rings. */
  popup() {
    return this.driver.page("pop-up", (url) => url.includes("popup"));
  }

  snapshot() {
    return this.main.call("snapshot");
  }

  /** Waits until the snapshot fits, and answers it. */
  knows(what, test, ms) {
    return until(
      what,
      async () => {
        const snapshot = await this.snapshot();
        return test(snapshot) ? snapshot : null;
      },
      ms,
    );
  }

  /** Signed in and heard from. */
  live() {
    return this.knows(
      "a live account",
      (s) => s.accounts.length > 0 && s.accounts.every((a) => a.health.link === "live"),
      20_000,
    );
  }

  /** Waits until the first account of a platform offers something. */
  offers(capability, platform = "dstny") {
    const offering = (one) => one.account.platform === platform && one.capabilities.includes(capability);
    return this.knows(`${capability} of ${platform}`, (s) => s.accounts.some(offering), 20_000);
  }

  /** Signed in and ready, whatever the window shows; going ready by hand is a scenario of its own. */
  async ready() {
    await this.live();
    await this.knows(
      "what the accounts offer",
      (s) => s.accounts.every(({ capabilities }) => capabilities.includes("ready")),
      20_000,
    );
    await this.main.call("execute", { do: "set_state", target: { to: "ready" }, accounts: null });
    await this.knows("the ready agent", (s) => s.agent.presence === "ready");
  }

  /** The processes of the app: the program itself and what WebKit started for it. */
  processes() {
    const table = spawnSync("ps", ["-eo", "pid=,ppid=,comm=,args="], { encoding: "utf8" })
      .stdout.trim()
      .split("\n")
      .map((line) => line.trim().match(/^(\d+)\s+(\d+)\s+(\S+)\s*(.*)$/))
      .map(([, pid, parent, name, args]) => ({ pid: Number(pid), parent: Number(parent), name, args }));
    const own = table.find((p) => p.args.includes(this.folder) && p.name === "offhook");
    return {
      own,
      web: table.filter((p) => own && p.parent === own.pid && p.name.startsWith("WebKitWebProces")),
    };
  }

  async stop() {
    await this.driver?.stop();
    // A dead session leaves the program behind: end what is ours, by id.
    const { own } = this.processes();
    if (own) process.kill(own.pid, "SIGKILL");
    clearNotifications();
    await this.sandbox?.stop();
    this.log?.end();
    // What WebKit started may still be writing there for a moment.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/**
 * A test with an app of its own. When it fails, a picture of the screen and the app's log say why.
 * @param {string} name
 * @param {object} options as for App.start
 * @param {(app: App) => Promise<void>} play
 */
export function scenario(name, options, play) {
  test(name, { timeout: 120_000 }, async () => {
    let app;
    try {
      app = await App.start(options);
      await play(app);
    } catch (error) {
      shot(`failed-${name.replaceAll(/[^a-z0-9]+/gi, "-")}`);
      if (app) console.log(readFileSync(app.logFile, "utf8").split("\n").slice(-40).join("\n"));
      throw error;
    } finally {
      await app?.stop();
    }
  });
}
