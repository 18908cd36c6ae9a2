// The outbox: what the agent finished and no platform confirmed yet. Nothing here goes away by itself.

import { useState } from "react";
import { Refusal, Trouble } from "../domain/Trouble";
import type { OutboxItem } from "../generated/model";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Answers, Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import { copy } from "../state/clipboard";
import { run, useStanding } from "../state/commands";
import { type as typeDraft } from "../state/drafts";
import { useMirror, useMirrorList } from "../state/store";
import { showActivity } from "../state/ui";
import { clockTime } from "../words/format";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import css from "./Unsent.module.css";

const TONES = { waiting: "away", sending: "info", refused: "bad", unknown: "warn" } as const;

function Item({ item }: { item: OutboxItem }) {
  const t = useWords();
  const [asking, setAsking] = useState(false);
  const { pending } = useStanding(`outbox:${item.id}`);
  const still = useMirror((mirror) => item.activity in mirror.activities);
  const { state, draft } = item;
  return (
    <li className={css.item}>
      <div className={css.line}>
        <span className={css.title}>
          <bdi>{item.title}</bdi> <span className={css.soft}>{clockTime(item.queued_at)}</span>
        </span>
        <Chip tone={TONES[state.is]}>{t(`outbox.${state.is}` satisfies Key)}</Chip>
        <div className={css.actions}>
          {state.is !== "sending" && (
            <Button icon="resend" pending={pending} onPress={() => void run({ do: "resend", item: item.id })}>
              {t("outbox.resend")}
            </Button>
          )}
          {still && (
            <Button
              icon="edit"
              onPress={() => {
                typeDraft(item.activity, draft);
                showActivity(item.activity);
              }}
            >
              {t("outbox.edit")}
            </Button>
          )}
          {draft.note !== "" && (
            <Button tone="quiet" icon="copy" onPress={() => void copy(draft.note)}>
              {t("common.copy")}
            </Button>
          )}
          {state.is !== "sending" && (
            <Button tone="quiet" icon="trash" onPress={() => setAsking(true)}>
              {t("common.discard")}
            </Button>
          )}
        </div>
      </div>
      {draft.note !== "" && (
        <p className={css.note} data-selectable>
          <bdi>{draft.note}</bdi>
        </p>
      )}
      {(state.is === "refused" || state.is === "unknown") && <Trouble problem={state.problem} />}
      <Refusal command={`outbox:${item.id}`} />
      <Dialog
        open={asking}
        title={t("outbox.discard_title")}
        role="alertdialog"
        onClose={() => setAsking(false)}
      >
        <p>{t("outbox.discard_text", { who: item.title })}</p>
        <Answers>
          <Button onPress={() => setAsking(false)}>{t("common.cancel")}</Button>
          <Button
            tone="bad"
            onPress={() => {
              setAsking(false);
              void run({ do: "discard", item: item.id });
            }}
          >
            {t("common.discard")}
          </Button>
        </Answers>
      </Dialog>
    </li>
  );
}

export function Unsent() {
  const t = useWords();
  const outbox = useMirrorList((mirror) => mirror.outbox);
  return (
    <section aria-label={t("work.unsent")} className={css.section}>
      <h2 className={css.head}>
        <Icon name="alert" size="s" />
        {t("work.unsent")}
      </h2>
      <p className={css.soft}>{t("outbox.why")}</p>
      <ul className={css.items}>
        {outbox.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}
