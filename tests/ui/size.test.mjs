// What the pages weigh. Everything is read from the disk, so this is about parsing at the start of each window, and
// about noticing when a dependency brings more than it gives.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { gzipSync } from "node:zlib";

/** Kilobytes of script and style, compressed, without the practice world. */
const BUDGET = 420;

test(`the pages weigh less than ${BUDGET} kB`, () => {
  const assets = join(import.meta.dirname, "../../ui/dist-mock/assets");
  const files = readdirSync(assets).filter((file) => /\.(js|css)$/.test(file) && !file.startsWith("mock-"));
  assert.ok(files.length >= 4, `too few files to be the pages: ${files}`);
  const weight =
    files.reduce((sum, file) => sum + gzipSync(readFileSync(join(assets, file))).length, 0) / 1000;
  assert.ok(weight < BUDGET, `${weight.toFixed(0)} kB in ${files.join(", ")}`);
});
