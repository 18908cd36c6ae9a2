// Who takes care of a call of a group: nobody yet, a colleague, or it is done; with a note for the others. A note that was
// typed stays in this window until the platform has it.

import { create } from "zustand";
import { Trouble } from "../domain/Trouble";
import type { Handled, HandledState, HistoryItem, HistoryMark } from "../generated/model";
import { Button } from "../parts/Button";
import { TextLines } from "../parts/Field";
import { useNow } from "../state/clock";
import { moment } from "../words/format";
import { useWords } from "../words/words";
import css from "./History.module.css";
import { useMarking } from "./HistoryPane";
import { HandledChip } from "./HistoryRow";

/** Notes that were typed and are not on the platform yet, by item. */
const useTyped = create<{ typed: Readonly<Record<string, string>> }>(() => ({ typed: {} }));

export function HandledBy({
  item,
  handled,
  onMark,
}: {
  item: HistoryItem;
  handled: Handled;
  onMark: (mark: HistoryMark) => Promise<void>;
}) {
  const t = useWords();
  const now = useNow();
  const typed = useTyped((all) => all.typed[item.id]);
  const { doing, problem, mark } = useMarking(onMark);
  const note = typed ?? handled.note;
  const set = async (state: HandledState): Promise<void> => {
    if (await mark({ mark: "handled", state, note })) {
      useTyped.setState(({ typed: { [item.id]: _, ...others } }) => ({ typed: others }));
    }
  };
  const to = (state: HandledState, words: string, tone: "main" | "plain" | "quiet") => (
    <Button
      tone={tone}
      pending={doing === state}
      isDisabled={doing !== undefined}
      onPress={() => void set(state)}
    >
      {words}
    </Button>
  );
  return (
    <section className={css.handled} aria-label={t("handled.title")}>
      <h3>{t("handled.title")}</h3>
      <p className={css.under}>
        <HandledChip state={handled.state} />
        {handled.agent !== null && <bdi>{handled.agent}</bdi>}
        {handled.at !== null && <span>{moment(handled.at, now)}</span>}
      </p>
      <TextLines
        label={t("handled.note")}
        value={note}
        onChange={(words) => useTyped.setState((all) => ({ typed: { ...all.typed, [item.id]: words } }))}
      />
      <div className={css.buttons}>
        {handled.state === "unhandled" && to("in_progress", t("handled.take_over"), "plain")}
        {handled.state !== "handled" && to("handled", t("handled.mark_handled"), "main")}
        {handled.state === "in_progress" && to("unhandled", t("handled.give_back"), "quiet")}
        {handled.state === "handled" && to("unhandled", t("handled.reopen"), "plain")}
        {typed !== undefined && typed !== handled.note && to(handled.state, t("handled.save_note"), "quiet")}
      </div>
      {problem && <Trouble problem={problem} title={t("handled.not_kept")} />}
    </section>
  );
}
