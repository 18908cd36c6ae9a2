import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import { afterEach, describe, expect, test } from "vitest";
import cs from "./cs.json";
import de from "./de.json";
import en from "./en.json";
import { age, duration, timer } from "./format";
import { pseudo } from "./pseudo";
import sv from "./sv.json";
import { type Key, languageFor, PSEUDO, say, speak } from "./words";

const catalogues: Record<string, Record<string, string>> = { en, cs, sv, de };
const keys = Object.keys(en) as Key[];

/** The arguments of a compiled message, at every depth. */
function args(message: unknown, found = new Set<string>()): Set<string> {
  if (!Array.isArray(message)) return found;
  for (const token of message) {
    if (!Array.isArray(token)) continue;
    if (token[0] !== "#") found.add(String(token[0]));
    if (typeof token[2] === "object" && token[2] !== null)
      for (const choice of Object.values(token[2])) args(choice, found);
  }
  return found;
}

afterEach(() => speak("en"));

describe.each(Object.entries(catalogues))("%s", (language, catalogue) => {
  test("has exactly the messages of the English catalogue", () => {
    expect(Object.keys(catalogue)).toEqual(Object.keys(en));
  });

  test("compiles every message, with the arguments of the English one", () => {
    for (const key of keys) {
      const text = catalogue[key] ?? "";
      expect(text, key).not.toBe("");
      expect([...args(compileMessageOrThrow(text))].sort(), key).toEqual(
        [...args(compileMessageOrThrow(en[key]))].sort(),
      );
    }
  });

  test("has a word for every count its language tells apart", () => {
    const wanted = new Intl.PluralRules(language)
      .resolvedOptions()
      .pluralCategories.filter((one) => one !== "many");
    for (const [key, text] of Object.entries(catalogue)) {
      if (text.includes("plural,"))
        for (const category of wanted) expect(text, key).toContain(`${category} {`);
    }
  });

  test("speaks", () => {
    speak(language);
    expect(say("shell.ringing_title", { who: "Nora" })).toContain("Nora");
    expect(say("caller.open_tickets", { count: 3 })).toContain("3");
  });
});

test("what must be translated is not left in English", () => {
  // Words that are the same in another language by chance or by trade.
  const same = new Set([
    "Offline",
    "Live",
    "Version",
    "Name",
    "Ticket",
    "Tickets",
    "Teams",
    "Alarm",
    "Tags",
    "Proxy",
    "E-mail",
    "Contact",
    "Pause",
    "Text",
    "Status",
    "Role",
    "Chat",
    "Spam",
    "Instagram",
    "LiveAgent",
    "Messenger",
    "Viber",
    "WhatsApp",
  ]);
  for (const [language, catalogue] of Object.entries(catalogues)) {
    if (language === "en") continue;
    const left = keys.filter(
      (key) =>
        catalogue[key] === en[key] && /[a-z]{3}/.test(en[key].replace(/\{\w+\}/g, "")) && !same.has(en[key]),
    );
    expect(
      left.filter(
        (key) =>
          !["platform.ccaip", "platform.daktela", "platform.dstny", "shell.tooltip", "pause.limit"].includes(
            key,
          ),
      ),
      language,
    ).toEqual([]);
  }
});

test("the shell's words need no choice, because the shell only puts names in", () => {
  for (const key of keys.filter((one) => /^(shell|state)\./.test(one))) {
    for (const catalogue of Object.values(catalogues))
      expect(catalogue[key], key).not.toMatch(/plural|select/);
  }
});

test("the language is the chosen one, else the system's, else English", () => {
  expect(languageFor("cs")).toBe("cs");
  expect(languageFor("tlh")).toBe("en");
  expect(Object.keys(catalogues)).toContain(languageFor(null));
});

test("the pseudo-language changes the words and keeps the arguments", () => {
  speak(PSEUDO);
  expect(say("shell.ringing_title", { who: "Nora" })).toMatch(/Nora/);
  expect(say("common.cancel")).toBe(pseudo("Cancel"));
  expect(say("common.cancel")).not.toMatch(/[a-z]{2}/);
});

test("timers and ages read the same everywhere", () => {
  expect([timer(7), timer(724), timer(3729)]).toEqual(["0:07", "12:04", "1:02:09"]);
  expect([age(8), age(200), age(7300)]).toEqual(["8\u00a0s", "3\u00a0min", "2\u00a0h"]);
  expect(
    [45, 312, 300, 1680, 4800, 7200].map((seconds) => duration(seconds).replaceAll("\u00a0", " ")),
  ).toEqual(["45 s", "5 min 12 s", "5 min", "28 min", "1 h 20 min", "2 h"]);
});
