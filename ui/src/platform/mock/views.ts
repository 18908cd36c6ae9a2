// What the practice world answers to the views of queues, history, conferences and routes.

import type { Handlers, World } from "./world";

type Answers = Pick<
  Handlers,
  | "mark_contact"
  | "save_contact"
  | "delete_contact"
  | "watch"
  | "queue_agents"
  | "history"
  | "mark_history"
  | "send_sms"
  | "conferences"
  | "take_part"
  | "routes"
  | "import_routes"
  | "platforms"
>;

/** Answers for the views. */
export function viewHandlers(world: World): Answers {
  return {
    mark_contact: ({ contact, mark }) => {
      world.contacts = world.contacts.map((one) => (one.id === contact ? { ...one, mark } : one));
      return null;
    },
    save_contact: ({ account, contact }) => contact ?? `${account}/personal_${world.contacts.length}`,
    delete_contact: (id) => {
      world.contacts = world.contacts.filter((one) => one.id !== id);
      return null;
    },
    watch: () => null,
    queue_agents: () => [],
    history: () => ({ items: [], more: false, problems: [], unreadable: 0 }),
    mark_history: () => null,
    send_sms: () => null,
    conferences: () => [],
    take_part: () => null,
    routes: () => [],
    import_routes: ({ keep }) => ({ confirmed: 0, changes: [], missing: [], unknown: [], kept: keep }),
    platforms: () => [
      { platform: "daktela", second_factor: false, token_needs_username: false },
      { platform: "dstny", second_factor: true, token_needs_username: true },
    ],
  };
}
