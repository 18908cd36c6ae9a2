// The desktop around the app: notifications, the tray, windows, the screen, the sound card, real keys.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { until } from "./wait.mjs";

const headless = join(import.meta.dirname, "../../headless");

/** Runs a program and gives back what it printed. */
export const sh = (program, ...args) => execFileSync(program, args, { encoding: "utf8" }).trim();

// --- notifications, of the recording daemon ------------------------------------------------------------------------
const bus = (method, ...args) =>
  sh(
    "dbus-send",
    "--session",
    "--print-reply=literal",
    "--dest=org.freedesktop.Notifications",
    "/org/freedesktop/Notifications",
    method,
    ...args,
  );

/** Every notification so far; the newest of each id. */
export const notifications = () => JSON.parse(bus("org.offhook.Test.List"));
export const openNotifications = () => notifications().filter((n) => n.open);
/** Presses a button of a notification. */
export const press = (id, action) => bus("org.offhook.Test.Invoke", `uint32:${id}`, `string:${action}`);
export const dismiss = (id) => bus("org.offhook.Test.Dismiss", `uint32:${id}`);
/** Clears what an app that was killed has left behind, whichever daemon shows it. */
export function clearNotifications() {
  if (process.env.OFFHOOK_NOTIFY === "dunst") sh("dunstctl", "close-all");
  else for (const n of openNotifications()) dismiss(n.id);
}
/** Waits for an open notification whose words contain `words`. */
export const notified = (words, ms) =>
  until(
    `a notification with ${words}`,
    () => openNotifications().find((n) => `${n.summary}\n${n.body}`.includes(words)),
    ms,
  );

// --- the tray --------------------------------------------------------------------------------------------------------
const trayScript = (...args) => sh("/usr/bin/python3", join(headless, "tray.py"), ...args);

/** The app's tray item: properties and menu. */
export const tray = () => JSON.parse(trayScript("list"))[0];
export const trayClick = (label) => trayScript("click", label);
export const trayActivate = () => trayScript("activate");

/** The labels of a menu, with those of its submenus. */
export function labels(menu) {
  return menu.children.flatMap((c) => [c.label?.replaceAll("_", ""), ...labels(c)]).filter(Boolean);
}

// --- windows, keys, pictures -------------------------------------------------------------------------------------------
/** The ids of the windows that are on the screen and have this title. */
export function windows(title) {
  const found = spawnSync("xdotool", ["search", "--onlyvisible", "--name", title], { encoding: "utf8" });
  return found.stdout.trim().split("\n").filter(Boolean);
}

/** The title of the window that has the keyboard. */
export const focused = () =>
  spawnSync("xdotool", ["getactivewindow", "getwindowname"], { encoding: "utf8" }).stdout.trim();

/** Gives a window the keyboard. */
export async function focus(title) {
  await until(`the window ${title}`, () => windows(title).length > 0);
  sh("xdotool", "windowactivate", "--sync", windows(title)[0]);
}

/** Presses real keys, as X sees them: `ctrl+shift+a`. */
export const keys = (...chords) => sh("xdotool", "key", ...chords);

/** A picture of the whole screen, kept with the test run. */
export function shot(name) {
  const folder = process.env.OFFHOOK_SHOTS ?? "out/screenshots";
  mkdirSync(folder, { recursive: true });
  sh("scrot", "-o", join(folder, `${name}.png`));
}

/** How many bytes were played since the desktop came up: it rang when this grows. */
export function played() {
  const file = join(process.env.OFFHOOK_STATE, "ring.raw");
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Waits until nothing more is played: the card takes samples in real time, so half a second without any is silence. */
export function silent(ms) {
  let [size, since] = [-1, 0];
  return until(
    "silence",
    () => {
      if (played() !== size) [size, since] = [played(), Date.now()];
      return Date.now() - since > 500;
    },
    ms,
  );
}
