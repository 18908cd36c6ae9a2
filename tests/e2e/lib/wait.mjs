// Waiting for a condition, with a deadline: the only way these tests wait.

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Asks until the answer is truthy, and gives that answer back.
 * @template T
 * @param {string} what what is waited for, for the message
 * @param {() => T | Promise<T>} ask may throw: that counts as "not yet", and the last error is told at the end
 * @param {number} ms how long at most
 */
export async function until(what, ask, ms = 10_000) {
  const end = Date.now() + ms;
  for (;;) {
    let last;
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) {
      const seen = last instanceof Error ? last.message : JSON.stringify(last);
      throw new Error(`waited ${ms} ms for ${what}; last seen: ${seen}`);
    }
    await pause(25);
  }
}
