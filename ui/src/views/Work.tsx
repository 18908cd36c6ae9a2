// Work, the home: what rings, what waits, what is open, what is not sent yet. The sections keep their places even when
// they are empty, so that nothing moves when something comes.

import { type ReactNode, useEffect, useRef } from "react";
import { Button as Pressable } from "react-aria-components";
import { action } from "../actions/registry";
import { CallActions } from "../domain/CallActions";
import { PhaseChip } from "../domain/CallCard";
import { SmallSigns } from "../domain/LiveSigns";
import { CallerName, PhoneNumber, Through, Timer } from "../domain/Names";
import { activityIcon, who } from "../domain/who";
import type { Activity, ActivityId } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { cx } from "../parts/cx";
import { Icon, type IconName } from "../parts/Icon";
import { Notice } from "../parts/Notice";
import { announceLater } from "../state/announce";
import { useSteady } from "../state/steady";
import { mirrorNow, useActivity, useMirror, useMirrorList, usePhase, useRings } from "../state/store";
import { putAway, showActivity, useUi } from "../state/ui";
import { clockTime } from "../words/format";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import { Drafts, DueSoon } from "./Tasks";
import { Today } from "./Today";
import { Unsent } from "./Unsent";
import css from "./Work.module.css";

function Row({ id, ghost, chip }: { id: ActivityId; ghost: boolean; chip: boolean }) {
  const t = useWords();
  const live = useActivity(id);
  const last = useRef<Activity | undefined>(live);
  if (live) last.current = live;
  const activity = last.current;
  const selected = useUi((ui) => ui.selected === id);
  if (!activity) return null;
  const caller = who(activity, t);
  const gone = ghost || !live;
  return (
    <li className={cx(css.row, selected && css.selected, gone && css.gone)}>
      <span className={css.icon}>
        <Icon name={activityIcon(activity)} />
      </span>
      <div className={css.who}>
        <Pressable className={css.name} isDisabled={gone} onPress={() => showActivity(id)}>
          <CallerName activity={activity} />
        </Pressable>
        <span className={css.second}>
          {caller.phone && !caller.isNumber && <PhoneNumber phone={caller.phone} />}
          {caller.title !== null && <bdi className={css.title}>{caller.title}</bdi>}
          <Through activity={activity} />
        </span>
      </div>
      {gone ? (
        live ? (
          // It is not gone, it only stands in another section now.
          <PhaseChip activity={activity} />
        ) : (
          <span className={css.soft}>{t("work.gone")}</span>
        )
      ) : (
        <>
          {/* Where there is only one phase, the section says it already. */}
          {chip && <PhaseChip activity={activity} />}
          <SmallSigns activity={activity} />
          <span className={css.time}>
            <Timer since={activity.phase_since} />
          </span>
          <CallActions activity={activity} />
        </>
      )}
    </li>
  );
}

function Section({
  title,
  icon,
  ids,
  empty,
  loud = false,
  phases = false,
  children,
}: {
  title: string;
  icon: IconName;
  ids: readonly ActivityId[];
  empty: ReactNode;
  loud?: boolean;
  /** Its rows stand in different phases. */
  phases?: boolean;
  children?: ReactNode;
}) {
  const { ids: shown, isGhost, holders } = useSteady(ids);
  return (
    <section aria-label={title} className={cx(css.section, loud && ids.length > 0 && css.loud)} {...holders}>
      <h2 className={css.head}>
        <Icon name={icon} size="s" />
        {title}
        {ids.length > 0 && <span className={css.count}>{ids.length}</span>}
      </h2>
      {shown.length > 0 ? (
        <ul className={css.rows}>
          {shown.map((id) => (
            <Row key={id} id={id} ghost={isGhost(id)} chip={phases} />
          ))}
        </ul>
      ) : (
        <div className={css.none}>{empty}</div>
      )}
      {children}
    </section>
  );
}

/** Nothing rings: whether something could. */
function Quiet() {
  const t = useWords();
  const reachable = useMirror((mirror) => mirror.agent.reachable);
  const mirror = mirrorNow();
  const practice = action("practice");
  const possible = useMirror(practice.possible);
  return (
    <div className={css.quiet}>
      <p>
        {t("work.ringing_none")} {reachable ? t("work.reachable") : t("work.unreachable")}
      </p>
      {possible && (
        <Button icon="practice" onPress={() => mirror && practice.perform(mirror)}>
          {t(practice.words)}
        </Button>
      )}
    </div>
  );
}

/** Why the last alerts went although nobody here answered. */
function Endings() {
  const t = useWords();
  const endings = useMirrorList((mirror) => mirror.endings.slice(0, 3));
  if (endings.length === 0) return null;
  return (
    <ul className={css.endings} aria-label={t("work.endings")}>
      {endings.map(({ activity, outcome, at }) => (
        <li key={activity.id}>
          <span className={css.time}>{clockTime(at)}</span> <bdi>{who(activity, t).name}</bdi>{" "}
          <span className={css.soft}>{t(`ring.${outcome}` satisfies Key)}</span>
        </li>
      ))}
    </ul>
  );
}

function Announcements() {
  const t = useWords();
  const quieted = useUi((ui) => ui.quieted);
  const accounts = useMirrorList((mirror) => mirror.accounts);
  return accounts.flatMap(({ account, announcements, missed }) => [
    ...announcements
      .filter(({ id }) => !quieted.includes(`${account.id}/${id}`))
      .map(({ id, text }) => (
        <Notice
          key={`${account.id}/${id}`}
          mood="info"
          title={t("work.announcement", { account: account.name })}
          actions={
            <IconButton
              name={t("common.dismiss")}
              icon="cross"
              onPress={() => putAway(`${account.id}/${id}`)}
            />
          }
        >
          <p>
            <bdi>{text}</bdi>
          </p>
        </Notice>
      )),
    ...(missed > 0
      ? [
          <Notice
            key={`${account.id}/missed`}
            mood="warn"
            heard={false}
            title={t("work.missed", { count: missed, account: account.name })}
          />,
        ]
      : []),
  ]);
}

/** Tells screen readers what came, once. */
function useNewcomersAnnounced(waiting: readonly ActivityId[]): void {
  const t = useWords();
  const known = useRef(waiting);
  useEffect(() => {
    const fresh = waiting.filter((id) => !known.current.includes(id));
    known.current = waiting;
    if (fresh.length > 0) announceLater(t("work.new_waiting", { count: fresh.length }));
  }, [waiting, t]);
}

export function Work() {
  const t = useWords();
  const rings = useRings();
  const waiting = usePhase("waiting", "postponed");
  const open = usePhase("dialling", "open", "wrap_up");
  const unsent = useMirror((mirror) => mirror.outbox.length);
  useNewcomersAnnounced(waiting);
  return (
    <main className={css.work} aria-label={t("view.work")}>
      <h1 className="heard">{t("view.work")}</h1>
      <Section
        title={t("work.ringing")}
        icon="ringing"
        ids={rings.map((ring) => ring.activity)}
        empty={<Quiet />}
        loud
      >
        <Endings />
      </Section>
      <Section title={t("work.waiting")} icon="waiting" ids={waiting} empty={t("work.waiting_none")} />
      <Section title={t("work.open")} icon="work" ids={open} empty={t("work.open_none")} phases />
      <DueSoon />
      <Today />
      {unsent > 0 && <Unsent />}
      <Drafts />
      {/* Below what is at hand, so that a message never pushes a button away from under the pointer. */}
      <Announcements />
    </main>
  );
}
