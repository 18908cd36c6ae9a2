// The direction in which the house is built: who may know whom. The rules are data, the checks are pure, and each check
// is first shown to find a fault in a made-up house, so that none can pass by looking at nothing.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import test from "node:test";

const root = join(import.meta.dirname, "..");

/** Which of our crates each of our crates may use in what it ships. A new crate must be entered here. */
const MAY_USE = {
  "offhook-model": [],
  "offhook-wire": ["offhook-model"],
  "offhook-letter": [],
  "offhook-daktela": ["offhook-model", "offhook-wire"],
  "offhook-dstny": ["offhook-model", "offhook-wire"],
  "offhook-liveagent": ["offhook-model", "offhook-wire"],
  "offhook-ccaip": ["offhook-model", "offhook-wire"],
  "offhook-engine": [
    "offhook-model",
    "offhook-wire",
    "offhook-letter",
    "offhook-daktela",
    "offhook-dstny",
    "offhook-liveagent",
    "offhook-ccaip",
  ],
  "offhook-sandbox": [],
  offhook: ["offhook-model", "offhook-wire", "offhook-engine", "offhook-sandbox"],
  "product-tests": [
    "offhook-model",
    "offhook-wire",
    "offhook-daktela",
    "offhook-dstny",
    "offhook-liveagent",
    "offhook-ccaip",
    "offhook-engine",
    "offhook-sandbox",
  ],
};

/** For their tests all but the sandbox may start the sandbox. It uses none of ours even then: it is a second, independent reading. */
const MAY_TEST_WITH = ["offhook-sandbox"];

/** @param {{name: string, dependencies: {name: string, kind: string | null}[]}[]} packages */
function crateFaults(packages) {
  const ours = new Set(packages.map((p) => p.name));
  return packages.flatMap((p) => {
    if (!MAY_USE[p.name]) return [`${p.name} has no rule in tests/architecture.test.mjs`];
    return p.dependencies
      .filter((d) => ours.has(d.name) && d.name !== p.name && !MAY_USE[p.name].includes(d.name))
      .filter((d) => d.kind !== "dev" || p.name === "offhook-sandbox" || !MAY_TEST_WITH.includes(d.name))
      .map((d) => `${p.name} must not use ${d.name}`);
  });
}

/** The modules a source file imports, statically or not. */
function imports(text) {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map((m) => m[1]);
}

/** @param {{path: string, text: string}[]} files paths from ui/src */
function pageFaults(files) {
  return files
    .filter((f) => !f.path.startsWith("platform/"))
    .flatMap((f) =>
      imports(f.text)
        .filter((m) => m.startsWith("@tauri-apps/"))
        .map((m) => `ui/src/${f.path} imports ${m}; only ui/src/platform talks to Tauri`),
    );
}

const packages = JSON.parse(
  execFileSync("cargo", ["metadata", "--no-deps", "--format-version", "1", "--offline"], {
    cwd: root,
    maxBuffer: 1 << 26,
  }),
).packages;

const sources = readdirSync(join(root, "ui/src"), { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile() && /\.(ts|tsx)$/.test(e.name))
  .map((e) => join(e.parentPath, e.name))
  .map((file) => ({ path: relative(join(root, "ui/src"), file), text: readFileSync(file, "utf8") }));

test("a crate that reaches upwards, sideways or into the sandbox is found", () => {
  const house = (name, ...dependencies) => [
    { name, dependencies },
    ...Object.keys(MAY_USE)
      .filter((n) => n !== name)
      .map((n) => ({ name: n, dependencies: [] })),
  ];
  const uses = (name, kind = null) => ({ name, kind });
  assert.deepEqual(crateFaults(house("offhook-wire", uses("offhook-engine"))), [
    "offhook-wire must not use offhook-engine",
  ]);
  assert.deepEqual(crateFaults(house("offhook-sandbox", uses("offhook-daktela", "dev"))), [
    "offhook-sandbox must not use offhook-daktela",
  ]);
  assert.deepEqual(crateFaults(house("offhook-engine", uses("offhook-sandbox"))), [
    "offhook-engine must not use offhook-sandbox",
  ]);
  assert.deepEqual(crateFaults(house("offhook-engine", uses("offhook-sandbox", "dev"))), []);
  assert.match(crateFaults([{ name: "offhook-new", dependencies: [] }])[0], /no rule/);
});

test("crates depend on each other in one direction", () => {
  assert.deepEqual(packages.map((p) => p.name).sort(), Object.keys(MAY_USE).sort());
  const edges = packages.flatMap((p) => p.dependencies).filter((d) => MAY_USE[d.name]);
  assert.ok(edges.length >= 5, "the check sees the dependencies that are there");
  assert.deepEqual(crateFaults(packages), []);
});

test("a page that talks to Tauri by itself is found", () => {
  const text =
    'import { invoke } from "@tauri-apps/api/core";\nconst x = await import("@tauri-apps/api/event");';
  assert.equal(pageFaults([{ path: "views/Work.tsx", text }]).length, 2);
  assert.deepEqual(pageFaults([{ path: "platform/tauri.ts", text }]), []);
});

test("only ui/src/platform talks to Tauri", () => {
  assert.ok(sources.length > 20, `sources are read: ${sources.length}`);
  assert.ok(
    sources.some((f) => f.path.startsWith("platform/") && f.text.includes("@tauri-apps/")),
    "the door is there",
  );
  assert.deepEqual(pageFaults(sources), []);
});
