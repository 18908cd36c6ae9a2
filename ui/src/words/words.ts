// The words of the product in four languages: flat catalogues of ICU messages, `en.json` the source of the keys. The
// shell reads the same files for the tray and the notifications. Catalogues are compiled when a language is chosen, a
// few milliseconds; one that cannot be compiled shows its plain text and never takes the page down.

import { setupI18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { create } from "zustand";
import cs from "./cs.json";
import de from "./de.json";
import en from "./en.json";
import { pseudo } from "./pseudo";
import sv from "./sv.json";

/** The name of a message. */
export type Key = keyof typeof en;
/** What a message's arguments stand for. */
export type Values = Readonly<Record<string, string | number>>;
/** Looks a message up. */
export type Words = (key: Key, values?: Values) => string;

const catalogues: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, cs, sv, de };

/** The languages that can be chosen, in their own names. */
export const LANGUAGES = { en: "English", cs: "Čeština", sv: "Svenska", de: "Deutsch" } as const;

/** The language in which every letter is changed and every text longer: what stays plain was never translated. */
export const PSEUDO = "en-XA";

const i18n = setupI18n();
i18n.setMessagesCompiler(compileMessage);

interface Locale {
  /** Language of the words. */
  language: string;
  /** Locale of dates and numbers. */
  formats: string;
  t: Words;
}

function words(language: string): Words {
  const messages =
    language === PSEUDO
      ? Object.fromEntries(Object.entries(en).map(([key, text]) => [key, compileMessage(text, pseudo)]))
      : (catalogues[language] ?? en);
  i18n.loadAndActivate({ locale: language, messages });
  return (key, values) => i18n._(key, values);
}

function locale(language: string): Locale {
  // The words' language decides, but the system may know the region: Czech words want Czech dates, English ones the
  // system's own kind of English.
  const system = navigator.languages.find((tag) => tag.split("-")[0] === language);
  return { language, formats: language === PSEUDO ? "en" : (system ?? language), t: words(language) };
}

/** The language for a setting: the chosen one, else the system's if we speak it, else English. */
export function languageFor(setting: string | null): string {
  const wanted = setting === null ? navigator.languages.map((tag) => tag.split("-")[0] ?? "") : [setting];
  return wanted.find((tag) => tag in catalogues || tag === PSEUDO) ?? "en";
}

export const useLocale = create<Locale>(() => locale(languageFor(null)));

/** Speaks this language from now on. */
export function speak(language: string): void {
  if (language === useLocale.getState().language) return;
  useLocale.setState(locale(language));
  document.documentElement.lang = language;
}

/** The words, in a component. */
export function useWords(): Words {
  return useLocale((held) => held.t);
}

/** The words, outside of rendering. */
export const say: Words = (key, values) => useLocale.getState().t(key, values);
