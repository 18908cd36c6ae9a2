// With dunst, a notification daemon that people really use: shown, withdrawn, clicked.
import { scenario } from "../lib/app.mjs";
import { sh, shot } from "../lib/desktop.mjs";
import { until } from "../lib/wait.mjs";

const displayed = () => Number(sh("dunstctl", "count", "displayed"));
const CALLER = { number: "+420228884123", name: "Jana Dvořáková" };

async function rings(app) {
  await app.ready();
  const activity = await app.sandbox.ring(CALLER);
  await until("the notification on the screen", () => displayed() === 1);
  return activity;
}

scenario("dunst shows the call, and it goes when a colleague answers", {}, async (app) => {
  const activity = await rings(app);
  shot("dunst");
  await app.sandbox.post(`/calls/${activity}/answered-elsewhere`);
  await until("no notification", () => displayed() === 0);
});

scenario("a click on the notification brings the window", {}, async (app) => {
  await rings(app);
  // dunst presses the default action
  sh("dunstctl", "action", "0");
  await app.main.get("button", "Answer");
  await app.main.click("button", "Answer");
  await until("no notification", () => displayed() === 0);
});

scenario("a notification closed by hand does not keep the next call from showing", {}, async (app) => {
  const activity = await rings(app);
  sh("dunstctl", "close-all");
  await until("closed by hand", () => displayed() === 0);
  await app.sandbox.post(`/calls/${activity}/answered-elsewhere`);
  await app.knows("nothing that rings", (s) => s.rings.every((r) => r.ended));
  await app.sandbox.ring({ ...CALLER, number: "+420228884124" });
  await until("the next call on the screen", () => displayed() === 1);
});
