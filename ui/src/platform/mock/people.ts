// Made-up people for the practice world: plain, varied, the same in every run. Numbers come from ranges reserved for
// fiction where a country has one, else from ranges that are not in use.

import type { AccountId, Contact, Phone } from "../../generated/model";

const PLACES = [
  {
    country: "CZ",
    given: ["Ivana", "Tomáš", "Lenka", "Jiří", "Zuzana", "Marek", "Klára", "Petr"],
    family: ["Dvořáková", "Svoboda", "Kučerová", "Beneš", "Horáková", "Urban", "Říhová", "Málek"],
    companies: ["Papírna Sever s.r.o.", "Kavárna U Mostu", "Stavby Holub a.s.", "Lékárna Modrá"],
    number: (n: number): [string, string] => [
      `+42060${digits(1_000_000 + n * 37, 7)}`,
      `+420 ${grouped(601_000_000 + n * 37)}`,
    ],
  },
  {
    country: "SE",
    given: ["Astrid", "Björn", "Elin", "Gustav", "Maja", "Oskar", "Saga", "Åke"],
    family: ["Lindqvist", "Ångström", "Sjöberg", "Öhman", "Nyström", "Hallgren", "Ekdahl", "Wallin"],
    companies: ["Norrsken Möbler AB", "Kustfrakt AB", "Skogens Bageri", "Fjällvarm AB"],
    number: (n: number): [string, string] => [`+467017406${two(n)}`, `+46 70 174 06 ${two(n)}`],
  },
  {
    country: "DE",
    given: ["Anke", "Jürgen", "Sabine", "Uwe", "Katrin", "Matthias", "Heike", "Jörg"],
    family: ["Müller-Brandt", "Schäfer", "Köhler", "Weiß", "Vogt", "Grün", "Hartmann", "Böhm"],
    companies: ["Elbe Druck GmbH", "Gärtnerei Sommer", "Reederei Nordlicht", "Bäckerei Krume KG"],
    number: (n: number): [string, string] => [`+49301234${four(n)}`, `+49 30 1234 ${four(n)}`],
  },
  {
    country: "GB",
    given: ["Aoife", "Callum", "Priya", "Owen", "Zainab", "Rhys", "Imogen", "Desmond"],
    family: ["Okafor", "Pritchard", "Sandhu", "Blackwood", "O’Leary", "Fenwick", "Achterberg", "Lowe"],
    companies: ["Thames Lift Co", "Harbour & Pine", "Bluebell Dental", "Rook Logistics Ltd"],
    number: (n: number): [string, string] => [`+44207946${four(n % 1000)}`, `+44 20 7946 ${four(n % 1000)}`],
  },
  {
    country: "US",
    given: ["Marisol", "Deshawn", "Kiyoko", "Walter", "Yolanda", "Ezra", "Noor", "Lucille"],
    family: ["Trujillo", "Whitaker", "Nakamura", "Castellanos", "Boone", "Abdi", "Vandermeer", "Pham"],
    companies: ["Cedar Falls Supply", "Mesa Verde Clinics", "Lakeshore Mutual", "Quill & Crate"],
    number: (n: number): [string, string] => [
      `+1212555${four(100 + (n % 100))}`,
      `+1 212-555-${four(100 + (n % 100))}`,
    ],
  },
  {
    country: "IL",
    given: ["נועה", "יוסי", "תמר", "אבי", "רות", "דוד", "מאיה", "עומר"],
    family: ["כהן", "לוי", "מזרחי", "פרץ", "ביטון", "אזולאי", "פרידמן", "שרון"],
    companies: ["מאפיית הגליל", "דפוס הנמל", "גינות השרון", "אופטיקה צפון"],
    number: (n: number): [string, string] => [
      `+97235550${four(n).slice(1)}`,
      `+972 3-555-0${four(n).slice(1)}`,
    ],
  },
] as const;

const digits = (n: number, width: number): string =>
  String(Math.floor(Math.abs(n)) % 10 ** width).padStart(width, "0");
const grouped = (n: number): string =>
  String(n)
    .replace(/(?=(\d{3})+$)/g, " ")
    .trim();
const two = (n: number): string => digits(n, 2);
const four = (n: number): string => digits(n, 4);

function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

/** The n-th person of the practice world. */
export function person(n: number, account: AccountId): Contact {
  const place = at(PLACES, n);
  const step = Math.floor(n / PLACES.length);
  const given = at(place.given, step);
  const family = at(place.family, step + Math.floor(step / place.given.length));
  const [e164, display] = place.number(n);
  const phone: Phone = { raw: e164, e164, display, country: place.country };
  const numbers = [{ label: "Mobile", phone }];
  if (n % 3 === 0)
    numbers.push({ label: "Office", phone: { ...phone, raw: `${e164}`, display: `${display}` } });
  const generation = Math.floor(step / 64);
  return {
    id: `${account}/contact_${n}`,
    account,
    title: generation === 0 ? `${given} ${family}` : `${given} ${family} ${generation + 1}`,
    company: n % 4 === 3 ? null : at(place.companies, step),
    numbers,
    emails: [`person.${n}@example.com`],
    description: n % 5 === 0 ? "Prefers to be called in the morning. Invoices go to the office." : null,
    favourite: n === 2 || n === 7,
    mark: null,
    editable: false,
  };
}

/** The first `count` people. */
export function people(count: number, account: AccountId): Contact[] {
  return Array.from({ length: count }, (_, n) => person(n, account));
}
