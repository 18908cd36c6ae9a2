// Applies language, theme and text size to the page, now and whenever they change. Both windows do the same.

import { languageFor, speak } from "../words/words";
import { useHeld } from "./store";
import { useUi } from "./ui";

function apply(): void {
  const settings = useHeld.getState().mirror?.settings;
  const root = document.documentElement;
  if (settings) {
    speak(languageFor(settings.language));
    if (settings.theme === "system") delete root.dataset.theme;
    else root.dataset.theme = settings.theme;
  }
  root.dataset.text = String(useUi.getState().textSize);
}

/** Keeps the page's appearance as the settings say. */
export function keepAppearance(): void {
  apply();
  useHeld.subscribe((held, before) => {
    if (held.mirror?.settings !== before.mirror?.settings) apply();
  });
  useUi.subscribe(apply);
}
