// Who is in the conference, each with the button that puts them out, where that is offered.

import { control, press } from "../actions/live";
import type { Activity, Participant } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { useWords } from "../words/words";
import css from "./ConferenceList.module.css";
import { usePending } from "./Controls";
import { PhoneNumber } from "./Names";
import { partyName } from "./who";

function Row({ activity, participant }: { activity: Activity; participant: Participant }) {
  const t = useWords();
  const { id, party } = participant;
  const pending = usePending(activity, "remove_participant", id);
  const name = partyName(party, t);
  return (
    <li className={css.row}>
      <Icon name="person" size="s" />
      <span className={css.name}>
        <bdi>{name}</bdi>
        {party.name !== null && party.phone && (
          <small className={css.soft}>
            <PhoneNumber phone={party.phone} />
          </small>
        )}
      </span>
      {activity.actions.includes("remove_participant") && (
        <IconButton
          name={t("conference.remove", { name })}
          icon="cross"
          pending={pending}
          onPress={() => void control(activity, { act: "remove_participant", participant: id })}
        />
      )}
    </li>
  );
}

export function ConferenceList({ activity }: { activity: Activity }) {
  const t = useWords();
  const leaving = usePending(activity, "leave_conference");
  const participants = activity.call?.conference?.participants;
  if (!participants && !activity.actions.includes("leave_conference")) return null;
  return (
    <section aria-label={t("conference.title")} className={css.conference}>
      <h3 className={css.title}>{t("conference.title")}</h3>
      <ul>
        <li className={css.row}>
          <Icon name="device" size="s" />
          <span className={css.name}>{t("conference.you")}</span>
        </li>
        {participants?.map((one) => (
          <Row key={one.id} activity={activity} participant={one} />
        ))}
      </ul>
      {activity.actions.includes("leave_conference") && (
        <Button icon="out" pending={leaving} onPress={() => press(activity, "leave_conference")}>
          {t("action.leave_conference")}
        </Button>
      )}
    </section>
  );
}
