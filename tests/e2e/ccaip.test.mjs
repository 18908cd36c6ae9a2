// An agent of a contact cloud (CCAI Platform): signing in by the form, a call that is taken in the platform's own adapter, a
// call started here, the status, and a platform that wants fewer requests. What happened is read from the sandbox.
import assert from "node:assert/strict";
import { scenario } from "./lib/app.mjs";
import { notified, openNotifications, shot } from "./lib/desktop.mjs";
import { looks } from "./lib/looks.mjs";
import { until } from "./lib/wait.mjs";

const CALLER = { number: "+442079460123", name: "Njeri Kamau" };
const cloud = { doors: ["ccaip"] };
/** What an agent does on the platform's own page. */
const adapter = (app, deed, body) => app.sandbox.post(`/ccaip/ida/${deed}`, body);
const agent = ({ accounts }) => accounts.find(({ account }) => account.platform === "ccaip")?.agent;
const phases = ({ activities }) => activities.map(({ phase }) => phase);

scenario("a contact cloud by the form", { account: false }, async (app) => {
  const { main, sandbox } = app;
  const { url, user, token, users } = sandbox.ccaip;
  await main.click("button", "Add an account");
  await main.click("radio", /CCAI Platform/);
  await main.fill("textbox", /^Address/, url);
  await main.fill("textbox", /^User name\*?$|^User name(?! of)/, users[0].username);
  await main.fill("textbox", /^Access token/, token);
  await main.fill("textbox", /^User name of the token/, user);
  shot("ccaip-form");
  await main.click("button", "Sign in");
  await app.live();
  const snapshot = await app.knows("who it is", (s) => agent(s) !== null && agent(s) !== undefined);
  assert.equal(agent(snapshot).name, "Ida Lindqvist");
  assert.ok(!JSON.stringify(snapshot).includes(token), "no secret in what the page holds");
});

scenario("a call rings, is taken in the adapter, and is filed there", cloud, async (app) => {
  const { main, sandbox } = app;
  await app.live();
  await adapter(app, "available");
  await app.knows("ready", (s) => agent(s)?.presence === "ready", 30_000);
  await sandbox.ring(CALLER);
  const note = await notified("is calling", 30_000);
  assert.ok(!("answer" in note.actions), "nothing is offered that cannot be done from here");
  const ringing = await app.knows("the ringing call", (s) => phases(s).includes("ringing"));
  const [call] = ringing.activities;
  assert.deepEqual(call.actions, []);
  assert.equal(new URL(call.web).origin, new URL(sandbox.ccaip.url).origin);
  await main.get("button", /^Open in CCAI Platform/);
  await looks(app, "ccaip-ringing");
  await adapter(app, "accept");
  await app.knows("the call in hand", (s) => phases(s).includes("open"), 30_000);
  await until(
    "no notification that rings",
    () => !openNotifications().some((n) => n.summary.includes("calling")),
  );
  await looks(app, "ccaip-call");
  await adapter(app, "hangup");
  await app.knows(
    "wrap-up",
    (s) => agent(s)?.pause?.kind === "wrap_up" || phases(s).includes("wrap_up"),
    30_000,
  );
  await adapter(app, "done");
  await app.knows("ready again", (s) => agent(s)?.presence === "ready" && s.activities.length === 0, 30_000);
});

scenario("the status is set from here, and a call is started", cloud, async (app) => {
  const { main, sandbox } = app;
  await app.live();
  await adapter(app, "available");
  await app.knows("ready", (s) => agent(s)?.presence === "ready", 30_000);
  await main.click("button", /^State:/);
  await main.click("button", /^Lunch/);
  await app.knows(
    "lunch",
    (s) => agent(s)?.presence === "paused" && agent(s)?.pause?.title === "Lunch",
    30_000,
  );
  await main.click("button", /^State:/);
  await main.click("button", /^Ready/);
  const { accounts } = await app.knows("ready again", (s) => agent(s)?.presence === "ready", 30_000);
  await main.call("execute", {
    do: "dial",
    account: accounts[0].account.id,
    number: "+442079460188",
    queue: null,
    device: null,
    line: null,
    contact: null,
  });
  await app.knows(
    "the call that was started",
    (s) => s.activities.some((a) => a.direction === "out"),
    30_000,
  );
  const { open } = await sandbox.state();
  assert.equal(open.length, 1);
});

scenario(
  "a number has to be chosen in the adapter: said, with the way there",
  { ...cloud, sandbox: ["--switch", "call_start=adapter"] },
  async (app) => {
    const { main } = app;
    await app.live();
    await adapter(app, "available");
    const { accounts } = await app.knows("ready", (s) => agent(s)?.presence === "ready", 30_000);
    await main.call("execute", {
      do: "dial",
      account: accounts[0].account.id,
      number: "+442079460188",
      queue: null,
      device: null,
      line: null,
      contact: null,
    });
    const { commands } = await app.knows(
      "what is left to do",
      (s) => s.commands.some(({ next }) => next),
      30_000,
    );
    assert.equal(commands.find(({ next }) => next).next.what, "go_on_there");
    await main.get("button", /^Open in CCAI Platform/);
    await looks(app, "ccaip-next-step");
  },
);

scenario(
  "a platform that wants fewer requests: said, and it rings all the same afterwards",
  cloud,
  async (app) => {
    const { sandbox } = app;
    await app.live();
    await adapter(app, "available");
    await app.knows("ready", (s) => agent(s)?.presence === "ready", 30_000);
    await sandbox.post("/faults", { kind: "status", status: 429, platform: "ccaip", count: 2 });
    await until("all refusals", async () => (await sandbox.faults()).length === 0, 40_000);
    await sandbox.ring(CALLER);
    await app.knows("the ringing call", (s) => phases(s).includes("ringing"), 60_000);
    const { accounts } = await app.snapshot();
    assert.ok(accounts[0].health.ages.length > 0, "how old each piece is");
  },
);
