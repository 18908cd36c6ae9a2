// What can be done with the tickets that are picked, and how far a change of many is. It stands where the count stands,
// of the same height, so that picking moves nothing.

import { useState } from "react";
import { Trouble } from "../domain/Trouble";
import type { BulkProgress, FieldOption } from "../generated/model";
import { Button, IconButton } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { TextLine } from "../parts/Field";
import { MenuButton } from "../parts/MenuButton";
import { announceLater } from "../state/announce";
import {
  cancel,
  change,
  confirm,
  optionsOf,
  picked,
  putAwayBulk,
  sizeOf,
  type Targets,
  useBulk,
  useBulks,
} from "../state/bulk";
import { useInbox } from "../state/inbox";
import { isOver } from "../state/mirror";
import { pickAll, pickNone, usePicking } from "../state/picking";
import { go } from "../state/ui";
import { count } from "../words/format";
import type { Key } from "../words/words";
import { useWords } from "../words/words";
import css from "./BulkBar.module.css";

/** Stages that are offered while the platforms have not said which they take. */
const USUAL = ["open", "closed"] as const;

/** What every account of the picked tickets offers for a field. Asked for when the menu opens. */
function useOptions(key: string): { options: readonly FieldOption[] | undefined; ask: () => void } {
  const [options, setOptions] = useState<readonly FieldOption[]>();
  const ask = (): void => {
    const targets = picked();
    if (targets === undefined) return;
    setOptions(undefined);
    optionsOf(targets, key).then(setOptions, () => setOptions([]));
  };
  return { options, ask };
}

function withPicked(act: (targets: Targets) => void): void {
  const targets = picked();
  if (targets !== undefined) act(targets);
}

export function BulkBar({ count: many }: { count: number }) {
  const t = useWords();
  const all = usePicking((picking) => picking.all);
  const total = useInbox((inbox) => inbox.total);
  const stages = useOptions("stage");
  const owners = useOptions("owner");
  const stageWords = (value: string): string =>
    stages.options?.find((option) => option.value === value)?.title || t(`stage.${value}` as Key);
  const offered =
    stages.options && stages.options.length > 0 ? stages.options.map(({ value }) => value) : USUAL;
  const people = owners.options ?? [];
  return (
    <section className={css.bar} aria-label={t("bulk.title")}>
      <IconButton name={t("bulk.none")} icon="cross" onPress={pickNone} />
      <span className={css.count}>{t("bulk.picked", { count: many, shown: count(many) })}</span>
      {!all && many < total && (
        <Button tone="quiet" onPress={pickAll}>
          {t("bulk.all", { shown: count(total) })}
        </Button>
      )}
      <span className={css.end}>
        <MenuButton
          name={t("bulk.stage")}
          icon="check"
          onOpen={stages.ask}
          entries={offered.map((value) => ({ id: value, title: stageWords(value) }))}
          onChoose={(value) => withPicked((targets) => change(targets, [{ key: "stage", now: [value] }]))}
        />
        <MenuButton
          name={t("bulk.owner")}
          icon="person"
          onOpen={owners.ask}
          entries={[
            { id: "me", title: t("inbox.me") },
            { id: "", title: t("inbox.nobody") },
            ...people.map(({ value, title }) => ({ id: `to/${value}`, title: title || value })),
          ]}
          onChoose={(id) => {
            const now = id === "" ? [] : [id.replace(/^to\//, "")];
            withPicked((targets) => change(targets, [{ key: "owner", now }]));
          }}
        />
        <IconButton
          name={t("bulk.tag")}
          icon="tag"
          onPress={() => withPicked((tagging) => useBulks.setState({ tagging }))}
        />
      </span>
    </section>
  );
}

/** Words of a tag for some tickets. */
function TagDialog({ targets }: { targets: Targets }) {
  const t = useWords();
  const [text, setText] = useState("");
  const windows = useInbox((inbox) => inbox.windows);
  const close = (): void => useBulks.setState({ tagging: undefined });
  const words = new Set<string>();
  for (const rows of windows.values())
    for (const ticket of rows) for (const tag of ticket.tags) words.add(tag.title);
  const add = (tag: string): void => {
    if (tag.trim() === "") return;
    close();
    change(targets, [{ key: "tags", now: [tag.trim()] }]);
  };
  return (
    <Dialog open title={t("bulk.tag")} onClose={close}>
      <TextLine
        label={t("bulk.tag_name")}
        value={text}
        onChange={setText}
        onEnter={() => add(text)}
        autoFocus
      />
      {words.size > 0 && (
        <div className={css.tags}>
          {[...words].slice(0, 12).map((tag) => (
            <Button key={tag} icon="tag" onPress={() => add(tag)}>
              <bdi>{tag}</bdi>
            </Button>
          ))}
        </div>
      )}
      <Answers>
        <Button onPress={close}>{t("common.cancel")}</Button>
        <Button tone="main" isDisabled={text.trim() === ""} onPress={() => add(text)}>
          {t("bulk.tag_add", { count: sizeOf(targets), shown: count(sizeOf(targets)) })}
        </Button>
      </Answers>
    </Dialog>
  );
}

/** How far a change of many is; a change of one shows in its row. */
function Progress({ bulk }: { bulk: BulkProgress }) {
  const t = useWords();
  const over = isOver(bulk);
  const [cancelling, setCancelling] = useState(false);
  const gone = bulk.done + bulk.failed + bulk.cancelled;
  const words = over
    ? t("bulk.over", { count: bulk.done, shown: count(bulk.done) })
    : t("bulk.doing", { done: count(gone), of: count(bulk.of) });
  if (bulk.failed === 0 && bulk.of === 1) return null;
  return (
    <section className={css.progress} aria-label={t("bulk.progress")}>
      <div className={css.line}>
        <span className={css.count} role="status">
          {words}
          {bulk.cancelled > 0 &&
            ` · ${t("bulk.cancelled", { count: bulk.cancelled, shown: count(bulk.cancelled) })}`}
        </span>
        {bulk.failed > 0 && (
          <Button tone="quiet" icon="alert" onPress={() => go("work")}>
            {t("bulk.failed", { count: bulk.failed, shown: count(bulk.failed) })}
          </Button>
        )}
        <span className={css.end}>
          {over ? (
            <IconButton name={t("common.dismiss")} icon="cross" onPress={putAwayBulk} />
          ) : (
            <Button
              pending={cancelling}
              onPress={() => {
                setCancelling(true);
                cancel(bulk.id);
                announceLater(t("bulk.cancelling"));
              }}
            >
              {t("common.cancel")}
            </Button>
          )}
        </span>
      </div>
      {!over && <progress className={css.meter} value={gone} max={bulk.of} aria-label={words} />}
    </section>
  );
}

/** What changes of many ask and tell, below the list. */
export function BulkDialogs() {
  const t = useWords();
  const { asking, tagging, problem } = useBulks();
  const bulk = useBulk();
  const close = (): void => useBulks.setState({ asking: undefined });
  const size = asking ? sizeOf(asking.targets) : 0;
  return (
    <>
      {bulk && <Progress key={bulk.id} bulk={bulk} />}
      {problem && (
        <Trouble
          problem={problem}
          actions={
            <Button tone="quiet" onPress={putAwayBulk}>
              {t("common.dismiss")}
            </Button>
          }
        />
      )}
      {tagging !== undefined && <TagDialog targets={tagging} />}
      <Dialog
        open={asking !== undefined}
        role="alertdialog"
        title={t("bulk.sure_title", { count: size, shown: count(size) })}
        onClose={close}
      >
        <p>{t("bulk.sure_text")}</p>
        <Answers>
          <Button onPress={close}>{t("common.cancel")}</Button>
          <Button tone="main" onPress={confirm}>
            {t("bulk.sure", { count: size, shown: count(size) })}
          </Button>
        </Answers>
      </Dialog>
    </>
  );
}
