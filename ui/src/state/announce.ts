// Speaks to screen readers through the two live regions that stand in the page from the start.

function say(region: string, words: string): void {
  const element = document.getElementById(region);
  if (!element) return;
  // The same words twice in a row are heard only if the region was empty in between.
  element.textContent = "";
  setTimeout(() => {
    element.textContent = words;
  }, 50);
}

/** Says it at once: something rings. */
export function announceNow(words: string): void {
  say("announce-now", words);
}

/** Says it when the listener has a moment. */
export function announceLater(words: string): void {
  say("announce-later", words);
}
