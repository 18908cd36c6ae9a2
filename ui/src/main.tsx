// The main window.

import { createRoot } from "react-dom/client";
import "./style/tokens.css";
import "./style/base.css";
import { listenToKeys } from "./actions/keyboard";
import { App } from "./frame/App";
import { nextDialRequest } from "./frame/Overlays";
import { host } from "./platform";
import { keepAppearance } from "./state/appearance";
import { connect } from "./state/connect";
import { go, showActivity, showTicket, useUi } from "./state/ui";

keepAppearance();
listenToKeys();

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);

await host.onShell((event) => {
  if (event.event === "dial_waiting") void nextDialRequest();
  if (event.event === "ask_quit") useUi.setState({ overlay: "quit" });
  if (event.event === "show_ticket") showTicket(event.ticket);
  if (event.event === "show") {
    go("work");
    showActivity(event.activity);
  }
});
// The window is created hidden and shown when there is something to see, even if that is only a spinner.
// Not an animation frame: a page whose window is still hidden gets none.
setTimeout(() => void host.call("page_ready").catch(() => undefined));
await connect(host);
// A link may have come before this page was there to hear of it.
void nextDialRequest();
