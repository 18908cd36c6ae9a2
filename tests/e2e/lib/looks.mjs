// What the page shows now, in light and in dark: a picture for people, and axe for what pictures do not show.
import assert from "node:assert/strict";
import { axe } from "./app.mjs";
import { shot } from "./desktop.mjs";
import { until } from "./wait.mjs";

export async function looks(app, name) {
  for (const theme of ["dark", "light"]) {
    const { settings } = await app.snapshot();
    await app.main.call("save_settings", { ...settings, theme });
    const isOn = (look) =>
      document.documentElement.dataset.theme === look &&
      !document.getAnimations().some((animation) => animation instanceof CSSTransition);
    await until(`the ${theme} look`, () => app.main.run(isOn, theme));
    shot(`${name}-${theme}`);
    assert.deepEqual(await app.main.serious(axe), [], `${name}, ${theme}`);
  }
}
