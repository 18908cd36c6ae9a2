// Which windows of a long list are let go.

/** The windows that are too many: those farthest from what is in sight. */
export function tooFar(windows: readonly number[], middle: number, kept: number): readonly number[] {
  if (windows.length <= kept) return [];
  return [...windows].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).slice(kept);
}
