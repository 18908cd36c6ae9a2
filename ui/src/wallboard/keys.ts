// The keys of the wallboard: Esc closes, F is full screen, arrows turn pages, Space stops the turning.

import { host } from "../platform";
import { togglePaused, turn } from "./pages";

/** Closes the window. */
export function close(): void {
  void host.call("close_wallboard").catch(() => undefined);
}

/** Covers the whole screen, or no longer. */
export async function toggleFullScreen(): Promise<void> {
  await host.setFullScreen(!(await host.isFullScreen()));
}

const KEYS: Readonly<Record<string, () => void>> = {
  Escape: close,
  f: () => void toggleFullScreen().catch(() => undefined),
  PageDown: () => turn(1),
  PageUp: () => turn(-1),
};

/** Takes the keys of the window, but those that are meant for one of its buttons. */
export function listenToKeys(): void {
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const onButton = event.target instanceof Element && event.target.closest("button") !== null;
    const forwards = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const act =
      event.key === " " && !onButton
        ? togglePaused
        : event.key.startsWith("Arrow")
          ? () => turn(event.key === forwards || event.key === "ArrowDown" ? 1 : -1)
          : KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
