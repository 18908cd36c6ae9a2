// Holds the frontend's own rules: which folder may know which, who may speak to Tauri, where colours and sizes are named,
// and that no view has words of its own. Each check first proves that it sees what it looks for.

import { readdirSync, readFileSync } from "node:fs";
import { join, normalize, relative } from "node:path";
import { describe, expect, test } from "vitest";

const root = import.meta.dirname;
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(tsx?|css)$/.test(file) && !/\.test\.|^generated/.test(file))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
const code = files.filter((file) => /\.tsx?$/.test(file.path));
const styles = files.filter((file) => file.path.endsWith(".css"));

/** From the ground up: a folder may import from itself and from those before it. */
const FLOORS = [
  "generated",
  "style",
  "platform",
  "words",
  "state",
  "actions",
  "parts",
  "domain",
  "views",
  "frame",
  "popup",
  "wallboard",
  ".",
];
/** What each page of its own may use although it stands beside. */
const floor = (path: string): string => (path.includes("/") ? (path.split("/")[0] ?? ".") : ".");

function imports({ path, text }: { path: string; text: string }): string[] {
  return [...text.matchAll(/from "(\.[^"]+)"|import\("(\.[^"]+)"\)/g)].map((match) =>
    relative(root, normalize(join(root, path, "..", match[1] ?? match[2] ?? ""))),
  );
}

describe("the floors", () => {
  test("a folder knows only those below it", () => {
    const wrong = code.flatMap((file) =>
      imports(file)
        .filter(
          (target) =>
            FLOORS.indexOf(floor(target)) > FLOORS.indexOf(floor(file.path)) && target.includes("/"),
        )
        .map((target) => `${file.path} -> ${target}`),
    );
    expect(code.flatMap(imports).length).toBeGreaterThan(200);
    expect(wrong).toEqual([]);
  });

  test("every folder has its floor", () => {
    expect(
      [...new Set(code.map((file) => floor(file.path)))].filter((name) => !FLOORS.includes(name)),
    ).toEqual([]);
  });

  test("only platform speaks to Tauri", () => {
    const speakers = code
      .filter((file) => file.text.includes("@tauri-apps/"))
      .map((file) => floor(file.path));
    expect(new Set(speakers)).toEqual(new Set(["platform"]));
  });

  test("only the build's switch knows the practice world", () => {
    const knowing = code.filter(
      (file) => !file.path.startsWith("platform/mock/") && /["/]mock["/]/.test(file.text),
    );
    expect(knowing.map((file) => file.path)).toEqual(["platform/index.ts"]);
  });
});

test("colours, sizes and durations are named in tokens.css and nowhere else", () => {
  const literal = /#[0-9a-f]{3,8}\b|rgb\(|hsl\(|oklch\(|\b\d*\.?\d+(px|rem|em|ms|s)\b/gi;
  // A container query cannot read a token, and the live regions are one pixel because they must not be seen.
  const found = (text: string): string[] =>
    text
      .replace(/@container[^{]*\{/g, "{")
      .replace(/\.heard \{[^}]*\}/, "")
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .match(literal) ?? [];
  const tokens = styles.find((file) => file.path === "style/tokens.css");
  expect(found(tokens?.text ?? "").length).toBeGreaterThan(50);
  for (const file of styles) if (file !== tokens) expect(found(file.text), file.path).toEqual([]);
});

test("no token is named that does not exist", () => {
  const tokens = new Set(
    styles.find((file) => file.path === "style/tokens.css")?.text.match(/--[\w-]+(?=:)/g),
  );
  for (const file of styles) {
    const used = [...file.text.matchAll(/var\((--[\w-]+)/g)].map((match) => match[1] ?? "");
    expect(
      used.filter((name) => !tokens.has(name) && name !== "--trigger-width"),
      file.path,
    ).toEqual([]);
  }
});

test("views have no words of their own", () => {
  // Text between tags, and attributes that are read: letters there should have come from the catalogue.
  const literals = (text: string): string[] => [
    ...[...text.matchAll(/>\s*([^<>{}=;()|&]*[A-Za-z]{2}[^<>{}=;()|&]*)\s*<\//g)].map(
      (match) => match[1] ?? "",
    ),
    ...[
      ...text.matchAll(/\b(?:label|title|placeholder|aria-label|name|help)="([^"]*[A-Za-z]{2}[^"]*)"/g),
    ].map((match) => match[1] ?? ""),
  ];
  expect(literals('<p>Hello there</p> <Field label="Name it" />')).toEqual(["Hello there", "Name it"]);
  const icons = /^[a-z_]+$/;
  const address = "https://company.daktela.com";
  for (const file of code.filter((one) => one.path.endsWith(".tsx"))) {
    expect(
      literals(file.text).filter((words) => !icons.test(words) && words !== address),
      file.path,
    ).toEqual([]);
  }
});

test("no style is put into the page as text, which the content security policy forbids", () => {
  // The letters of the practice world are documents of their own.
  for (const file of code.filter(({ path }) => path !== "platform/mock/letters.ts"))
    expect(/style=\{|<style|dangerouslySetInnerHTML/.test(file.text), file.path).toBe(false);
});
