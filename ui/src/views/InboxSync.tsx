// How far the tickets on this computer are: while they are read for the first time, and when they may be old.

import { Trouble } from "../domain/Trouble";
import type { InboxSync as Sync } from "../generated/model";
import { Icon } from "../parts/Icon";
import { Spinner } from "../parts/Spinner";
import { elapsed, useByNow } from "../state/clock";
import { useAccount, useMirrorList } from "../state/store";
import { age, count } from "../words/format";
import { useWords } from "../words/words";
import css from "./InboxSync.module.css";

/** From this age on, in seconds, what is here is called old although nothing is known to be wrong. */
const OLD = 300;

function Filling({ sync }: { sync: Sync }) {
  const t = useWords();
  const account = useAccount(sync.account)?.account;
  return (
    <div className={css.line}>
      <Spinner />
      <span>
        {sync.of === null
          ? t("inbox.reading", { account: account?.name ?? "", known: count(sync.known) })
          : t("inbox.reading_of", {
              account: account?.name ?? "",
              known: count(sync.known),
              of: count(sync.of),
            })}
      </span>
      {sync.of !== null && sync.of > 0 && (
        <progress
          className={css.bar}
          value={Math.min(sync.known, sync.of)}
          max={sync.of}
          aria-hidden="true"
        />
      )}
    </div>
  );
}

function Old({ sync }: { sync: Sync }) {
  const t = useWords();
  const one = useAccount(sync.account);
  const since = sync.at;
  const old = useByNow((now) => since !== null && elapsed(since, now) >= OLD);
  const words = useByNow((now) => (since === null ? "" : age(elapsed(since, now))));
  const offline = one?.health.link === "offline" || one?.health.link === "signed_out";
  if (!one || since === null || !(offline || (old && sync.problem))) return null;
  return (
    <div className={css.line}>
      <Icon name="offline" size="s" />
      <span>{t("inbox.old", { account: one.account.name, age: words })}</span>
    </div>
  );
}

export function InboxSync() {
  const syncs = useMirrorList((mirror) => mirror.inbox);
  return syncs.map((sync) =>
    sync.complete ? (
      <Old key={sync.account} sync={sync} />
    ) : (
      <div key={sync.account}>
        <Filling sync={sync} />
        {sync.problem && <Trouble problem={sync.problem} />}
      </div>
    ),
  );
}
