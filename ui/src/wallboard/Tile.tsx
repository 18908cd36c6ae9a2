// One queue on the wall: who waits and how long, how many could answer, how it stands in a word. It hears of its own queue
// alone, so that a figure that changes draws one tile.

import { memo, useId } from "react";
import { FigureAge, LevelSign, Longest, Untold } from "../domain/Figures";
import { channelIcon, isOld, STANDING } from "../domain/figureWords";
import { useLevels } from "../domain/useLevels";
import { cx } from "../parts/cx";
import { Icon } from "../parts/Icon";
import { useByNow } from "../state/clock";
import { isHeard, useQueue } from "../state/queues";
import { clockTime, count } from "../words/format";
import { useWords } from "../words/words";
import css from "./Tile.module.css";

export const Tile = memo(function Tile({ name }: { name: string }) {
  const t = useWords();
  const id = useId();
  const one = useQueue(name);
  const { levels, stands } = useLevels(one?.figures);
  const heard = one !== undefined && isHeard(one.account);
  const heardAt = one?.figures?.heard_at ?? 0;
  const old = useByNow((now) => isOld(heardAt, heard, now));
  if (!one?.figures) return <li className={css.tile} />;
  const { figures, title, account } = one;
  const { waiting, free, logged_in, service_level, service_target } = figures;
  const sign = STANDING[stands];
  return (
    <li className={cx(css.tile, css[stands], !heard && css.lost)}>
      <article className={css.inside} aria-labelledby={id}>
        <h2 id={id} className={css.title}>
          {figures.channel && <Icon name={channelIcon(figures.channel)} />}
          <bdi>{title}</bdi>
        </h2>
        <p className={css.count}>
          <span className={css.huge}>{waiting === null ? <Untold /> : count(waiting)}</span>
          <span className={css.label}>{t("wallboard.waiting")}</span>
        </p>
        <dl className={css.figures}>
          <div>
            <dd>
              {levels.longest_wait && <LevelSign level={levels.longest_wait} />}
              <Longest figures={figures} heard={heard} />
            </dd>
            <dt className={css.label}>{t("wallboard.longest")}</dt>
          </div>
          <div>
            <dd>
              {levels.free && <LevelSign level={levels.free} />}
              {free === null ? <Untold /> : count(free)}
            </dd>
            <dt className={css.label}>
              {t("wallboard.free")}
              {logged_in !== null && ` ${t("wallboard.of_agents", { count: count(logged_in) })}`}
            </dt>
          </div>
          {service_level !== null && (
            <div>
              <dd>
                {levels.service_level && <LevelSign level={levels.service_level} />}
                {t("queue.percent", { value: count(service_level) })}
              </dd>
              <dt className={css.label}>
                {service_target === null
                  ? t("wallboard.service")
                  : t("wallboard.service_target", { target: count(service_target) })}
              </dt>
            </div>
          )}
        </dl>
        <p className={css.stands}>
          <Icon name={sign.icon} /> {t(sign.words)}
        </p>
        <p className={css.from}>
          <bdi>{account.account.name}</bdi>
          {!heard ? (
            <strong>
              {t("health.offline")} · {clockTime(heardAt)}
            </strong>
          ) : (
            old && <FigureAge figures={figures} heard={heard} />
          )}
        </p>
      </article>
    </li>
  );
});
