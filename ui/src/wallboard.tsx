// The wallboard: a window of its own, for the screen on the wall.

import { createRoot } from "react-dom/client";
import "./style/tokens.css";
import "./style/base.css";
import { host } from "./platform";
import { keepAppearance } from "./state/appearance";
import { connect } from "./state/connect";
import { watchAs } from "./state/watch";
import { listenToKeys } from "./wallboard/keys";
import { Wallboard } from "./wallboard/Wallboard";

watchAs("wallboard");
keepAppearance();
listenToKeys();

const root = document.getElementById("root");
if (root) createRoot(root).render(<Wallboard />);

// Not an animation frame: a page whose window is still hidden gets none.
setTimeout(() => void host.call("page_ready").catch(() => undefined));
await connect(host);
