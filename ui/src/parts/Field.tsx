// Fields: a label above, the control, words of help or complaint below. All of them in one place, so that they look and
// speak alike.

import type { ReactNode } from "react";
import {
  Checkbox as Check,
  Select as Choice,
  FieldError,
  Input,
  type Key,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Button as Pressable,
  Radio,
  RadioGroup,
  SelectValue,
  SliderOutput,
  SliderThumb,
  SliderTrack,
  Text,
  TextArea,
  TextField,
  Switch as Toggle,
  Slider as Track,
} from "react-aria-components";
import { cx } from "./cx";
import css from "./Field.module.css";
import { Icon } from "./Icon";
import { Spinner } from "./Spinner";

interface Labelled {
  label: string;
  /** Spoken but not shown, where the place says it all. */
  hideLabel?: boolean;
  help?: string | undefined;
}

interface TextProps extends Labelled {
  value: string;
  onChange: (value: string) => void;
  onFocus?: () => void;
  onBlur?: () => void;
  onEnter?: () => void;
  /** Words of complaint beside the field. */
  wrong?: string | undefined;
  type?: "text" | "password" | "url" | "tel" | "search" | "email" | "date" | "datetime-local";
  placeholder?: string;
  autoComplete?: string;
  /** How actions find the field to put the keyboard into it. */
  field?: string;
  required?: boolean;
  leftToRight?: boolean;
  autoFocus?: boolean;
  maxLength?: number;
}

function help(words: string | undefined): ReactNode {
  return words === undefined ? null : (
    <Text slot="description" className={css.help}>
      {words}
    </Text>
  );
}

/** One line of text. */
export function TextLine({
  label,
  hideLabel,
  help: words,
  value,
  onChange,
  onFocus,
  onBlur,
  onEnter,
  wrong,
  type = "text",
  field,
  placeholder,
  required = false,
  leftToRight,
  ...rest
}: TextProps) {
  return (
    <TextField
      {...rest}
      className={css.field}
      type={type}
      value={value}
      onChange={onChange}
      onFocus={() => onFocus?.()}
      onBlur={() => onBlur?.()}
      onKeyDown={(event) => {
        if (event.key === "Enter" && onEnter && !event.ctrlKey && !event.metaKey) onEnter();
        else event.continuePropagation();
      }}
      isInvalid={wrong !== undefined}
      isRequired={required}
      validationBehavior="aria"
    >
      <Label className={cx(css.label, hideLabel && "heard")}>{label}</Label>
      <Input
        className={css.input}
        data-field={field}
        placeholder={placeholder}
        dir={leftToRight ? "ltr" : undefined}
        spellCheck={false}
      />
      {help(words)}
      <FieldError className={css.wrong}>{wrong}</FieldError>
    </TextField>
  );
}

/** Several lines of text. */
export function TextLines({
  label,
  hideLabel,
  help: words,
  value,
  onChange,
  onBlur,
  placeholder,
  wrong,
}: TextProps) {
  return (
    <TextField
      className={css.field}
      value={value}
      onChange={onChange}
      onBlur={() => onBlur?.()}
      isInvalid={wrong !== undefined}
      validationBehavior="aria"
      onKeyDown={(event) => event.continuePropagation()}
    >
      <Label className={cx(css.label, hideLabel && "heard")}>{label}</Label>
      <TextArea className={cx(css.input, css.area)} rows={4} placeholder={placeholder} />
      {help(words)}
      <FieldError className={css.wrong}>{wrong}</FieldError>
    </TextField>
  );
}

/** One thing of a list to choose from. */
export interface Option {
  id: string;
  title: string;
  /** A second, softer line. */
  more?: string | undefined;
}

interface SelectProps extends Labelled {
  value: string | null;
  options: readonly Option[];
  onChange: (value: string) => void;
  pending?: boolean;
  placeholder?: string;
  disabled?: boolean;
}

/** A choice of one out of a list that opens. */
export function Select({
  label,
  hideLabel,
  help: words,
  value,
  options,
  onChange,
  pending,
  placeholder,
  disabled = false,
}: SelectProps) {
  return (
    <Choice
      className={css.field}
      value={value}
      onChange={(key: Key | null) => key !== null && onChange(String(key))}
      placeholder={placeholder}
      isDisabled={disabled}
    >
      <Label className={cx(css.label, hideLabel && "heard")}>{label}</Label>
      <Pressable className={cx(css.input, css.opener)}>
        <SelectValue className={css.chosen} />
        {pending ? <Spinner /> : <Icon name="down" size="s" />}
      </Pressable>
      {help(words)}
      <Popover className={css.popover} offset={4}>
        <ListBox className={css.options} items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.title} className={css.option}>
              <span>
                <Text slot="label">{option.title}</Text>
                {option.more !== undefined && <small className={css.more}>{option.more}</small>}
              </span>
              <span className={css.mark}>
                <Icon name="ready" size="s" />
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Choice>
  );
}

/** Something that is on or off. */
export function Switch({
  label,
  help: words,
  value,
  onChange,
  disabled = false,
  pending = false,
}: Labelled & { value: boolean; onChange: (value: boolean) => void; disabled?: boolean; pending?: boolean }) {
  return (
    <div className={css.line}>
      <Toggle className={css.switch} isSelected={value} onChange={onChange} isDisabled={disabled}>
        <span className={css.track}>
          <span className={css.knob} />
        </span>
        <span className={css.switchWords}>
          {label}
          {words !== undefined && <small className={css.more}>{words}</small>}
        </span>
        {pending && <Spinner />}
      </Toggle>
    </div>
  );
}

/** One of several that may be on together. */
export function Checkbox({
  label,
  help: words,
  value,
  onChange,
}: Labelled & { value: boolean; onChange: (value: boolean) => void }) {
  return (
    <Check className={css.check} isSelected={value} onChange={onChange}>
      <span className={css.tick}>
        <Icon name="ready" size="s" />
      </span>
      <span className={css.switchWords}>
        {label}
        {words !== undefined && <small className={css.more}>{words}</small>}
      </span>
    </Check>
  );
}

/** A choice of one out of a few, all in sight. */
export function Radios({
  label,
  hideLabel,
  help: words,
  value,
  options,
  onChange,
  row = false,
  wrong,
}: Labelled & {
  value: string | null;
  options: readonly Option[];
  onChange: (value: string) => void;
  row?: boolean;
  wrong?: string | undefined;
}) {
  return (
    <RadioGroup
      className={css.field}
      value={value}
      onChange={onChange}
      orientation={row ? "horizontal" : "vertical"}
      isInvalid={wrong !== undefined}
      validationBehavior="aria"
    >
      <Label className={cx(css.label, hideLabel && "heard")}>{label}</Label>
      <div className={cx(css.radios, row && css.row)}>
        {options.map((option) => (
          <Radio key={option.id} value={option.id} className={css.check}>
            <span className={cx(css.tick, css.round)} />
            <span className={css.switchWords}>
              {option.title}
              {option.more !== undefined && <small className={css.more}>{option.more}</small>}
            </span>
          </Radio>
        ))}
      </div>
      {help(words)}
      <FieldError className={css.wrong}>{wrong}</FieldError>
    </RadioGroup>
  );
}

/** A value on a scale. */
export function Slider({
  label,
  value,
  onChange,
  onDone,
  max,
}: Labelled & {
  value: number;
  onChange: (value: number) => void;
  onDone: (value: number) => void;
  max: number;
}) {
  return (
    <Track
      className={css.slider}
      value={value}
      onChange={onChange}
      onChangeEnd={onDone}
      maxValue={max}
      step={5}
    >
      <Label className={css.label}>{label}</Label>
      <SliderOutput className={css.output} />
      <SliderTrack className={css.rail}>
        <SliderThumb className={css.thumb} />
      </SliderTrack>
    </Track>
  );
}
