// Chooses what stands behind the door. `__MOCK__` is a constant of the build, so that the other half is not in the bundle.

import type { Host } from "./host";

export { asProblem, type Host } from "./host";

export const host: Host = __MOCK__ ? (await import("./mock")).host : (await import("./tauri")).host;
