// Note and dispositions of an activity. Every keystroke is kept (state/drafts.ts); the words shown are the typed ones.

import { useEffect } from "react";
import { missing } from "../actions/registry";
import type { Activity } from "../generated/model";
import { Checkbox, Radios, TextLines } from "../parts/Field";
import { flush, type, useDraft, useDrafts } from "../state/drafts";
import { useUi } from "../state/ui";
import { useWords } from "../words/words";
import css from "./WrapUp.module.css";

/** The note. */
export function NoteField({ activity }: { activity: Activity }) {
  const t = useWords();
  const draft = useDraft(activity);
  const unsaved = useDrafts((drafts) => drafts.unsaved[activity.id] !== undefined);
  const { id } = activity;
  useEffect(() => () => void flush(id), [id]);
  return (
    <TextLines
      label={t("wrap_up.note")}
      value={draft.note}
      onChange={(note) => type(id, { ...draft, note })}
      onBlur={() => void flush(id)}
      placeholder={t("wrap_up.note_placeholder")}
      wrong={unsaved ? t("wrap_up.unsaved") : undefined}
    />
  );
}

/** The dispositions of the queue: one or several, as the platform wants it. */
export function Dispositions({ activity }: { activity: Activity }) {
  const t = useWords();
  const draft = useDraft(activity);
  const { dispositions, multiple, required } = activity.wrap_up;
  const tried = useUi((ui) => ui.incomplete === activity.id);
  if (dispositions.length === 0) return null;
  const wrong = tried && missing(activity.wrap_up, draft) ? t("wrap_up.required") : undefined;
  const label = required ? t("wrap_up.dispositions_required") : t("wrap_up.dispositions");
  const set = (chosen: string[]): void => type(activity.id, { ...draft, dispositions: chosen });
  if (!multiple) {
    return (
      <Radios
        label={label}
        value={draft.dispositions[0] ?? null}
        options={dispositions.map(({ id, title, description }) => ({
          id,
          title,
          more: description ?? undefined,
        }))}
        onChange={(id) => set([id])}
        wrong={wrong}
      />
    );
  }
  return (
    <fieldset className={css.several} aria-describedby={wrong && "dispositions-wrong"}>
      <legend>{label}</legend>
      {dispositions.map(({ id, title, description }) => (
        <Checkbox
          key={id}
          label={title}
          help={description ?? undefined}
          value={draft.dispositions.includes(id)}
          onChange={(on) =>
            set(on ? [...draft.dispositions, id] : draft.dispositions.filter((other) => other !== id))
          }
        />
      ))}
      {wrong && (
        <p id="dispositions-wrong" className={css.wrong} role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
