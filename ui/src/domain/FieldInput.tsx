// One field of a ticket, a record or a new ticket, filled in as its kind says. Every value is a list of texts, whatever the
// kind. What is not known here is still shown: a value that may no longer be chosen stays until another one is.

import { useState } from "react";
import { DialogTrigger, ListBox, ListBoxItem, Popover, Button as Pressable } from "react-aria-components";
import type { FieldOption, FormField, Priority, Stage } from "../generated/model";
import { cx } from "../parts/cx";
import { Select, Switch, TextLine, TextLines } from "../parts/Field";
import fieldCss from "../parts/Field.module.css";
import { Icon } from "../parts/Icon";
import { Spinner } from "../parts/Spinner";
import { fullTime } from "../words/format";
import type { Words } from "../words/words";
import { useWords } from "../words/words";
import css from "./FieldInput.module.css";
import { Tokens } from "./Tokens";

const NAMED = [
  "title",
  "stage",
  "priority",
  "owner",
  "category",
  "statuses",
  "tags",
  "reopen",
  "followers",
  "parent",
  "contact",
  "email",
  "description",
  "groups",
] as const;
const STAGES: readonly Stage[] = [
  "new",
  "open",
  "live",
  "answered",
  "postponed",
  "closed",
  "archived",
  "spam",
  "deleted",
];
const PRIORITIES: readonly Priority[] = ["low", "medium", "high"];

/** What a field is called. */
export function fieldTitle({ key, title }: Pick<FormField, "key" | "title">, t: Words): string {
  const named = NAMED.find((one) => one === key);
  return title || (named ? t(`field.${named}`) : key.replace(/^custom\./, ""));
}

/** What an option is called. */
function optionTitle({ key }: Pick<FormField, "key">, { value, title }: FieldOption, t: Words): string {
  if (title !== "") return title;
  const stage = STAGES.find((one) => one === value);
  const priority = PRIORITIES.find((one) => one === value);
  if (key === "stage" && stage) return t(`stage.${stage}`);
  return key === "priority" && priority ? t(`priority.${priority}`) : value;
}

/** What one value of a field is called. */
function titleOf(field: FormField, value: string, t: Words): string {
  return optionTitle(
    field,
    field.options.find((option) => option.value === value) ?? { value, title: "" },
    t,
  );
}

/** What values of a field say, for reading. */
export function valueWords(field: FormField, values: readonly string[], t: Words): string {
  if (field.kind === "flag") return t(values.length > 0 ? "field.yes" : "field.no");
  const words = values.map((value) =>
    field.kind === "time" ? fullTime(Number(value)) : titleOf(field, value, t),
  );
  return words.length === 0 ? t("field.empty") : words.join(", ");
}

/** Whether a field is filled in letter by letter. */
export function isTyped({ kind }: FormField): boolean {
  return kind !== "choice" && kind !== "choices" && kind !== "flag" && kind !== "tags";
}

/** `2026-11-22T12:04` of this computer's calendar. */
function localTime(value: string | undefined): string {
  const date = new Date(Number(value));
  if (value === undefined || Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

interface Props {
  field: FormField;
  values: readonly string[];
  onChange: (values: string[]) => void;
  /** The field was left, or Enter pressed in it. */
  onDone?: () => void;
  /** Asked for and not confirmed. */
  pending?: boolean;
  wrong?: string | undefined;
}

export function FieldInput({ field, values, onChange, onDone, pending = false, wrong }: Props) {
  const t = useWords();
  const label = fieldTitle(field, t);
  const [value = ""] = values;
  const one = (text: string): void => onChange(text === "" ? [] : [text]);
  if (!field.editable) {
    return (
      <div className={css.fixed}>
        <span className={css.label}>{label}</span>
        <bdi data-selectable>{valueWords(field, values, t)}</bdi>
      </div>
    );
  }
  const words = {
    label,
    value,
    onChange: one,
    wrong,
    required: field.required,
    ...(onDone && { onBlur: onDone, onEnter: onDone }),
  };
  switch (field.kind) {
    case "long_text":
      return <TextLines {...words} />;
    case "flag":
      return (
        <Switch
          label={label}
          value={value !== ""}
          pending={pending}
          onChange={(on) => onChange(on ? ["1"] : [])}
        />
      );
    case "choice":
      return <OneOf field={field} label={label} value={value} pending={pending} onChange={one} />;
    case "choices":
      return <SomeOf field={field} label={label} values={values} pending={pending} onChange={onChange} />;
    case "tags":
      return (
        <Tokens
          label={label}
          values={values.map((one) => titleOf(field, one, t))}
          options={field.options.map((option) => optionTitle(field, option, t))}
          pending={pending}
          onChange={(titles) =>
            onChange(
              titles.map(
                (title) =>
                  field.options.find((option) => optionTitle(field, option, t) === title)?.value ?? title,
              ),
            )
          }
        />
      );
    case "date":
      return <TextLine {...words} type="date" />;
    case "time":
      return (
        <TextLine
          {...words}
          type="datetime-local"
          value={localTime(values[0])}
          onChange={(text) => one(text === "" ? "" : String(new Date(text).getTime()))}
        />
      );
    case "phone":
      return <TextLine {...words} type="tel" leftToRight />;
    case "email":
      return <TextLine {...words} type="email" leftToRight />;
    case "link":
      return <TextLine {...words} type="url" leftToRight />;
    default:
      return <TextLine {...words} />;
  }
}

/** Options as they are chosen from, the value among them even if it may no longer be chosen. */
function choosable(field: FormField, values: readonly string[], t: Words): { id: string; title: string }[] {
  const missing = values.filter((value) => !field.options.some((option) => option.value === value));
  return [...missing.map((value) => ({ value, title: "" })), ...field.options].map((option) => ({
    id: `=${option.value}`,
    title: optionTitle(field, option, t),
  }));
}

function OneOf({
  field,
  label,
  value,
  pending,
  onChange,
}: {
  field: FormField;
  label: string;
  value: string;
  pending: boolean;
  onChange: (value: string) => void;
}) {
  const t = useWords();
  const none = { id: "-", title: t(field.key === "owner" ? "field.nobody" : "field.none") };
  const options = choosable(field, value === "" ? [] : [value], t);
  return (
    <Select
      label={label}
      value={value === "" ? "-" : `=${value}`}
      pending={pending}
      options={field.required && value !== "" ? options : [none, ...options]}
      onChange={(id) => onChange(id === "-" ? "" : id.slice(1))}
    />
  );
}

function SomeOf({
  field,
  label,
  values,
  pending,
  onChange,
}: {
  field: FormField;
  label: string;
  values: readonly string[];
  pending: boolean;
  onChange: (values: string[]) => void;
}) {
  const t = useWords();
  // Chosen one by one, asked for once: when the list closes.
  const [picked, setPicked] = useState<readonly string[]>();
  const shown = picked ?? values;
  return (
    <div className={fieldCss.field}>
      <span className={fieldCss.label} aria-hidden="true">
        {label}
      </span>
      <DialogTrigger
        onOpenChange={(open) => {
          if (!open && picked) onChange([...picked]);
          setPicked(undefined);
        }}
      >
        <Pressable
          className={cx(fieldCss.input, fieldCss.opener)}
          aria-label={t("field.choose", { field: label, now: valueWords(field, shown, t) })}
        >
          <span className={fieldCss.chosen}>{valueWords(field, shown, t)}</span>
          {pending ? <Spinner /> : <Icon name="down" size="s" />}
        </Pressable>
        <Popover className={fieldCss.popover} offset={4}>
          <ListBox
            className={fieldCss.options}
            aria-label={label}
            autoFocus
            selectionMode="multiple"
            selectedKeys={shown.map((value) => `=${value}`)}
            items={choosable(field, values, t)}
            renderEmptyState={() => <p className={css.none}>{t("field.no_options")}</p>}
            onSelectionChange={(keys) =>
              onChange(
                keys === "all"
                  ? field.options.map((one) => one.value)
                  : [...keys].map((key) => String(key).slice(1)),
              )
            }
          >
            {(option) => (
              <ListBoxItem id={option.id} textValue={option.title} className={fieldCss.option}>
                <bdi>{option.title}</bdi>
                <span className={fieldCss.mark}>
                  <Icon name="ready" size="s" />
                </span>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </DialogTrigger>
    </div>
  );
}
