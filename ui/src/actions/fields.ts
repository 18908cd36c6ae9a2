// Fields that actions put the keyboard into.

/** Puts the keyboard into a field named so, once it is there. */
export function focusField(name: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-field="${name}"]`)?.focus());
}
