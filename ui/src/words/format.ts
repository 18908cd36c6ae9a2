// Times, ages and counts as people of the chosen language write them.

import type { Timestamp } from "../generated/model";
import { useLocale } from "./words";

const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return cached(`d${JSON.stringify(options)}`, (locale) => new Intl.DateTimeFormat(locale, options));
}

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return cached(`n${JSON.stringify(options)}`, (locale) => new Intl.NumberFormat(locale, options));
}

/** Formatters are slow to make and quick to use. */
function cached<T extends Intl.DateTimeFormat | Intl.NumberFormat>(
  key: string,
  make: (locale: string) => T,
): T {
  const locale = useLocale.getState().formats;
  const name = `${locale} ${key}`;
  const found = (made.get(name) as T | undefined) ?? make(locale);
  made.set(name, found);
  return found;
}

/** `12:04` */
export function clockTime(at: Timestamp): string {
  return dates({ hour: "2-digit", minute: "2-digit" }).format(at);
}

/** `12:04–13:00` */
export function clockRange(from: Timestamp, to: Timestamp): string {
  return dates({ hour: "2-digit", minute: "2-digit" }).formatRange(from, to);
}

/** `22 Nov, 12:04` */
export function dayTime(at: Timestamp): string {
  return dates({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(at);
}

/** `Friday 20 November 2026, 12:04` */
export function fullTime(at: Timestamp): string {
  if (!isDate(at)) return "–";
  return dates({ dateStyle: "full", timeStyle: "short" }).format(at);
}

/** Whole days of this computer's calendar from `at` to `now`: 0 is today, 1 yesterday. */
function daysAgo(at: Timestamp, now: Timestamp): number {
  const midnight = (time: Timestamp): number => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

/** Whether two moments are on the same day of this computer's calendar. */
export function sameDay(one: Timestamp, other: Timestamp): boolean {
  return daysAgo(one, other) === 0;
}

/** `12:04` of today, `22 Nov, 12:04` of any other day. */
export function moment(at: Timestamp, now: Timestamp): string {
  return daysAgo(at, now) === 0 ? clockTime(at) : dayTime(at);
}

/** A day as a heading: `Today`, `Yesterday`, `Friday 20 November`, with the year if it is another one. */
export function dayName(at: Timestamp, now: Timestamp): string {
  const days = daysAgo(at, now);
  const locale = useLocale.getState().formats;
  if (Math.abs(days) < 2) {
    const name = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days, "day");
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
  }
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  return dates({ weekday: "long", day: "numeric", month: "long", year }).format(at);
}

/** A running timer: `0:07`, `12:04`, `1:02:09`. The same in every language, so that it does not jump. */
export function timer(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/**
 * A length of time by the signs that are the same in every language: `45 s`, `5 min 12 s`, `1 h 20 min`; seconds only while
 * they count.
 */
export function duration(seconds: number): string {
  const part = (value: number, unit: string): string => `${count(value)}\u00a0${unit}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return part(seconds, "s");
  if (minutes < 10 && seconds % 60 > 0) return `${part(minutes, "min")}\u00a0${part(seconds % 60, "s")}`;
  if (minutes < 60) return part(minutes, "min");
  const hours = part(Math.floor(minutes / 60), "h");
  return minutes % 60 === 0 ? hours : `${hours}\u00a0${part(minutes % 60, "min")}`;
}

/** A share: `12 %`. */
export function percent(value: number): string {
  return numbers({ style: "percent", maximumFractionDigits: 0 }).format(value / 100);
}

/** A language's name, or the code if it has none. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([useLocale.getState().formats], { type: "language" }).of(code) ?? code;
  } catch {
    // What a platform calls a language need not be one.
    return code;
  }
}

/** A day in a list: `Fri 20 Nov`, with the year if it is another one. */
export function shortDay(at: Timestamp, now: Timestamp): string {
  const year = new Date(at).getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  return dates({ weekday: "short", day: "numeric", month: "short", year }).format(at);
}

/** An hour as a scale names it: `9`, `6 PM`; without the words some languages put behind it. */
export function hourName(at: Timestamp): string {
  const parts = dates({ hour: "numeric" }).formatToParts(at);
  return parts
    .filter(({ type }) => type === "hour" || type === "dayPeriod")
    .map(({ value }) => value)
    .join("\u00a0");
}

/** An age in one short word, by the signs that are the same in every language: `8 s`, `3 min`, `2 h`. */
export function age(seconds: number): string {
  if (seconds < 60) return `${seconds}\u00a0s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)}\u00a0min` : `${Math.floor(seconds / 3600)}\u00a0h`;
}

/** Whether a calendar can write it: platforms send dates far from any. */
const isDate = (at: Timestamp): boolean => !Number.isNaN(new Date(at).getTime());

/** How long ago in words, `5 minutes ago`, for a day; then the day and time. */
export function ago(at: Timestamp, now: Timestamp): string {
  if (!isDate(at)) return "–";
  const seconds = Math.round((now - at) / 1000);
  if (Math.abs(seconds) >= 86_400) return dayTime(at);
  const words = new Intl.RelativeTimeFormat(useLocale.getState().formats, { numeric: "auto" });
  if (Math.abs(seconds) < 60) return words.format(0, "minute");
  if (Math.abs(seconds) < 3600) return words.format(-Math.trunc(seconds / 60), "minute");
  return words.format(-Math.trunc(seconds / 3600), "hour");
}

/** The size of a file: `340 kB`, `2.4 MB`. */
export function bytes(size: number): string {
  const unit = size < 1000 ? "byte" : size < 1_000_000 ? "kilobyte" : "megabyte";
  const value = size < 1000 ? size : size < 1_000_000 ? size / 1000 : size / 1_000_000;
  return numbers({ style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

/** A count with the language's grouping. */
export function count(value: number): string {
  return numbers({}).format(value);
}

/** A country's name, or the code if it has none. */
export function country(code: string): string {
  return new Intl.DisplayNames([useLocale.getState().formats], { type: "region" }).of(code) ?? code;
}
