// Files of a message: handed to the core at once, so that they are kept with the words, and shown with how far they are.

import { useRef, useState } from "react";
import { fileIcon } from "../domain/Attachment";
import { Trouble } from "../domain/Trouble";
import type { Problem, StagedFile } from "../generated/model";
import { IconButton } from "../parts/Button";
import { Icon } from "../parts/Icon";
import { Notice } from "../parts/Notice";
import { Spinner } from "../parts/Spinner";
import { asProblem, host } from "../platform";
import { bytes } from "../words/format";
import { useWords } from "../words/words";
import css from "./ComposerFiles.module.css";

/** The largest file the core takes, in bytes. */
export const LARGEST = 10 * 1024 * 1024;

interface Coming {
  id: number;
  name: string;
  size: number;
  /** Why it did not arrive. */
  problem?: Problem;
  tooLarge?: boolean;
}

export interface Staging {
  coming: readonly Coming[];
  busy: boolean;
  stage: (files: readonly File[]) => void;
  forget: (id: number) => void;
}

function base64(file: File): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^data:[^,]*,/, ""));
    reader.onerror = () => failed(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });
}

let made = 0;

/** Takes files in one after the other. `add` is told of each that arrived. */
export function useStaging(add: (file: StagedFile) => void): Staging {
  const [coming, setComing] = useState<readonly Coming[]>([]);
  const adding = useRef(add);
  adding.current = add;
  const turn = useRef(Promise.resolve());
  const change = (id: number, part: Partial<Coming> | undefined): void =>
    setComing((now) => now.flatMap((one) => (one.id !== id ? [one] : part ? [{ ...one, ...part }] : [])));

  const one = async (id: number, file: File): Promise<void> => {
    try {
      const staged = await host.call("stage_file", {
        name: file.name,
        mime: file.type,
        base64: await base64(file),
      });
      change(id, undefined);
      adding.current(staged);
    } catch (thrown) {
      change(id, { problem: asProblem(thrown) });
    }
  };
  const stage = (files: readonly File[]): void => {
    for (const file of files) {
      made += 1;
      const id = made;
      const tooLarge = file.size > LARGEST;
      setComing((now) => [...now, { id, name: file.name, size: file.size, tooLarge }]);
      if (!tooLarge) turn.current = turn.current.then(() => one(id, file));
    }
  };
  return {
    coming,
    busy: coming.some((file) => !file.problem && !file.tooLarge),
    stage,
    forget: (id) => change(id, undefined),
  };
}

/** Asks for files. */
export function AttachButton({ stage }: Pick<Staging, "stage">) {
  const t = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("composer.attach")}
        onChange={(event) => {
          stage([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <IconButton name={t("composer.attach")} icon="attach" onPress={() => input.current?.click()} />
    </>
  );
}

export function ComposerFiles({
  files,
  staging,
  onRemove,
}: {
  files: readonly StagedFile[];
  staging: Staging;
  onRemove: (id: string) => void;
}) {
  const t = useWords();
  if (files.length === 0 && staging.coming.length === 0) return null;
  return (
    <ul className={css.files} aria-label={t("entry.files")}>
      {files.map((file) => (
        <li key={file.id} className={css.file}>
          <Icon name={fileIcon(file)} size="s" />
          <bdi>{file.name}</bdi>
          <span className={css.soft}>{bytes(file.size)}</span>
          <IconButton
            name={t("tokens.remove", { what: file.name })}
            icon="cross"
            onPress={() => onRemove(file.id)}
          />
        </li>
      ))}
      {staging.coming.map((file) => (
        <li key={file.id} className={file.problem || file.tooLarge ? css.wide : css.file}>
          {file.problem ? (
            <Trouble problem={file.problem} title={t("composer.not_attached", { name: file.name })} />
          ) : file.tooLarge ? (
            <Notice mood="bad" title={t("composer.not_attached", { name: file.name })}>
              <p>{t("composer.too_large", { size: bytes(file.size), most: bytes(LARGEST) })}</p>
            </Notice>
          ) : (
            <>
              <Spinner />
              <bdi>{file.name}</bdi>
              <span className={css.soft}>{bytes(file.size)}</span>
            </>
          )}
          {(file.problem || file.tooLarge) && (
            <IconButton
              name={t("tokens.remove", { what: file.name })}
              icon="cross"
              onPress={() => staging.forget(file.id)}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
