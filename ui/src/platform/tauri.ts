// The desktop shell behind the door: one command, two events.

import { invoke } from "@tauri-apps/api/core";
import { getCurrentWebviewWindow } from "@tauri-apps/api/webviewWindow";
import { ENGINE_EVENTS, SHELL_EVENTS } from "../generated/model";
import type { Host } from "./host";

// Only what is sent to this window: a plain `listen` hears what is meant for the other one too.
const window = getCurrentWebviewWindow();

export const host: Host = {
  call: (command, ...request) => invoke("call", { command, request: request[0] ?? null }),
  onEngine: (listener) =>
    window.listen(ENGINE_EVENTS, (event) => listener(event.payload as Parameters<typeof listener>[0])),
  onShell: (listener) =>
    window.listen(SHELL_EVENTS, (event) => listener(event.payload as Parameters<typeof listener>[0])),
  isFullScreen: () => window.isFullscreen(),
  setFullScreen: (on) => window.setFullscreen(on),
};
