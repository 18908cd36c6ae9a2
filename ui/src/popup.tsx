// The pop-up window.

import { createRoot } from "react-dom/client";
import "./style/tokens.css";
import "./style/base.css";
import { host } from "./platform";
import { guardKeys } from "./popup/guard";
import { Popup } from "./popup/Popup";
import { keepAppearance } from "./state/appearance";
import { connect } from "./state/connect";

keepAppearance();
guardKeys();

const root = document.getElementById("root");
if (root) createRoot(root).render(<Popup />);

// Not an animation frame: a page whose window is still hidden gets none.
setTimeout(() => void host.call("page_ready").catch(() => undefined));
await connect(host);
