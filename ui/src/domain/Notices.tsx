// The strip of notices: what the agent should know now although nothing rings. It has its line always, also when there is
// nothing to say, so that a notice that comes moves nothing. The weightiest is in the line, the others behind a button.

import { useEffect, useRef } from "react";
import { Dialog, DialogTrigger, Popover } from "react-aria-components";
import type { Notice } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { host } from "../platform";
import { announceLater, announceNow } from "../state/announce";
import { engineNow, useByNow } from "../state/clock";
import { accountOf, type Mirror } from "../state/mirror";
import { mirrorNow, useMirrorList } from "../state/store";
import { useWords } from "../words/words";
import css from "./Notices.module.css";
import { byWeight, isAlarm, noticeWords, signOf, stepOf } from "./noticeWords";

const accountIn = (mirror: Mirror | undefined, { kind }: Notice): string => {
  const id = kind.about === "queue" ? kind.queue.account : kind.account;
  return (mirror && accountOf(mirror, id)?.account.name) ?? id;
};

function OneNotice({ notice }: { notice: Notice }) {
  const t = useWords();
  const words = useByNow((now) => noticeWords(notice, accountIn(mirrorNow(), notice), now, t));
  const { tone, icon } = signOf(notice);
  const step = stepOf(notice);
  return (
    <div className={cx(css.notice, css[tone])}>
      <Icon name={icon} />
      <span className={css.words}>
        {isAlarm(notice) && <span className="heard">{t("queue.level_alarm")}: </span>}
        <bdi>{words}</bdi>
      </span>
      <span className={css.do}>
        {step && (
          <Button tone="quiet" onPress={step.perform}>
            {t(step.words)}
          </Button>
        )}
        <IconButton
          // The words tick: the button is named once, by what they were.
          name={t("notice.dismiss", {
            notice: noticeWords(notice, accountIn(mirrorNow(), notice), notice.since, t),
          })}
          icon="cross"
          onPress={() => void host.call("dismiss_notice", notice.key).catch(() => undefined)}
        />
      </span>
    </div>
  );
}

/** What has been said of a notice: one that has become worse is said again. */
const heardAs = (notice: Notice): string => `${notice.key} ${isAlarm(notice)}`;

/** Says each notice once, when it comes. */
function useSaid(notices: readonly Notice[]): void {
  const t = useWords();
  const said = useRef<ReadonlySet<string>>(undefined);
  useEffect(() => {
    const before = said.current;
    said.current = new Set(notices.map(heardAs));
    const fresh = notices.filter((notice) => !before?.has(heardAs(notice)));
    const [first] = fresh;
    if (!first) return;
    const words = fresh
      .map((notice) => noticeWords(notice, accountIn(mirrorNow(), notice), engineNow(), t))
      .join(". ");
    if (isAlarm(first)) announceNow(words);
    else announceLater(words);
  }, [notices, t]);
}

export function Notices() {
  const t = useWords();
  const notices = useMirrorList((mirror) => mirror.notices.filter((one) => !one.dismissed).sort(byWeight));
  useSaid(notices);
  const [first, ...others] = notices;
  return (
    <aside className={cx(css.strip, !first && css.idle)} aria-label={t("notice.title")}>
      {first ? <OneNotice key={first.key} notice={first} /> : <p className={css.none}>{t("notice.none")}</p>}
      {others.length > 0 && (
        <DialogTrigger>
          <Button tone="quiet" icon="up">
            {t("notice.more", { count: others.length })}
          </Button>
          <Popover className={css.popover} placement="top end" offset={4}>
            <Dialog className={css.all} aria-label={t("notice.title")}>
              <ul className={css.list}>
                {notices.map((notice) => (
                  <li key={notice.key}>
                    <OneNotice notice={notice} />
                  </li>
                ))}
              </ul>
            </Dialog>
          </Popover>
        </DialogTrigger>
      )}
    </aside>
  );
}
