import { Button } from "react-aria-components";
import { ACTIONS } from "../actions/registry";
import { Icon, type IconName } from "../parts/Icon";
import { useWaitingCount } from "../state/filters";
import { useMirror } from "../state/store";
import { go, useUi, type View } from "../state/ui";
import { count } from "../words/format";
import { useWords } from "../words/words";
import css from "./Rail.module.css";

const PLACES: readonly { view: View; icon: IconName }[] = [
  { view: "work", icon: "work" },
  { view: "tickets", icon: "ticket" },
  { view: "contacts", icon: "contacts" },
  { view: "queues", icon: "queues" },
  { view: "history", icon: "history" },
  { view: "settings", icon: "settings" },
];

/** Three digits would cover the picture below. */
const short = (value: number) => (value > 99 ? `${count(99)}+` : count(value));

/** The places one can be at. */
export function Rail() {
  const t = useWords();
  const view = useUi((ui) => ui.view);
  const busy = useMirror(
    (mirror) => mirror.order.filter((id) => mirror.activities[id]?.phase !== "postponed").length,
  );
  const waiting = useWaitingCount();
  const counts: Partial<Record<View, number>> = { work: busy, tickets: waiting };
  return (
    <nav className={css.rail} aria-label={t("rail.title")}>
      {PLACES.map((place) => {
        const words = ACTIONS.find((one) => one.id === place.view)?.words;
        return (
          <Button
            key={place.view}
            className={css.place}
            aria-current={view === place.view ? "page" : undefined}
            onPress={() => go(place.view)}
          >
            <Icon name={place.icon} />
            <span>{words && t(words)}</span>
            {(counts[place.view] ?? 0) > 0 && (
              <span className={css.count} aria-hidden="true">
                {short(counts[place.view] ?? 0)}
              </span>
            )}
          </Button>
        );
      })}
    </nav>
  );
}
