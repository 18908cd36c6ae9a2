// One call in the dock, as the agent has it in hand: found by the other party's name, with its buttons and its words.
import { until } from "./wait.mjs";

/** What the dock calls an activity (`who` of the page). */
export function named({ call, matches, party }) {
  const conference = call?.conference?.participants ?? [];
  const words = (one) => one.name ?? one.phone?.display ?? one.phone?.raw ?? one.address;
  if (conference.length > 1) return conference.map((one) => words(one.party)).join(", ");
  const [match] = matches;
  const sure = match?.confidence === "sure" ? match.contact.title : null;
  return sure ?? party.name ?? match?.contact.title ?? words(party);
}

/** A group of the dock: a call, or two that belong together. */
export class Card {
  constructor(app, name) {
    this.app = app;
    this.page = app.main;
    this.name = name;
  }

  /** The page draws the card anew when the call changes: it is found again for each thing that is done with it. */
  #inside(what, act, ms) {
    return until(
      `${what} in the card of ${this.name}`,
      async () => {
        const within = await this.page.find("group", this.name);
        return within ? act(within) : false;
      },
      ms,
    );
  }

  click(button, ms) {
    return this.#inside(
      `a click on ${button}`,
      (within) => this.page.click("button", button, { within, ms: 300 }),
      ms,
    );
  }

  has(button, ms) {
    return this.#inside(button, (within) => this.page.find("button", button, within), ms);
  }

  hasNot(button, ms) {
    return this.#inside(
      `no ${button}`,
      async (within) => !(await this.page.find("button", button, within)),
      ms,
    );
  }

  shows(words, ms) {
    return this.#inside(
      `the words ${words}`,
      async () => {
        const text = (await this.page.text("group", this.name, { ms: 300 })).replaceAll(
          /[\u2066-\u2069]/g,
          "",
        );
        return words instanceof RegExp ? words.test(text) : text.includes(words);
      },
      ms,
    );
  }

  gone(ms) {
    return this.page.gone("group", this.name, ms);
  }
}

/** The exchange's id of the line behind an activity. */
export const lineOf = (activity) => activity.id.slice(activity.id.indexOf("/") + 1);

/**
 * Ready, and in a call that was answered in the window; answers {activity, line, card}.
 * @param {{number: string, name: string}} caller
 */
export async function talking(app, caller) {
  await app.ready();
  await app.sandbox.ring(caller);
  await app.main.click("button", "Answer", { ms: 20_000 });
  return openCall(app, (a) => a.phase === "open" && a.party.phone?.e164 === caller.number);
}

/** The call that fits, once it is there. */
export async function openCall(app, fits) {
  const { activities } = await app.knows("the call", (s) => s.activities.some(fits), 20_000);
  const activity = activities.find(fits);
  return { activity, line: lineOf(activity), card: new Card(app, named(activity)) };
}
