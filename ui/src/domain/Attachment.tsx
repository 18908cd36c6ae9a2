// A file of an entry: what it is, how large, and saving it where the agent says. It is never opened by itself.

import { useState } from "react";
import type { Attachment, EntryId, Problem, TicketId } from "../generated/model";
import { Button } from "../parts/Button";
import { Icon, type IconName } from "../parts/Icon";
import { asProblem, host } from "../platform";
import { bytes } from "../words/format";
import { useWords } from "../words/words";
import css from "./Attachment.module.css";
import { Trouble } from "./Trouble";

/** What kind of file it is, by its type or else its name: it only chooses a picture. */
export function fileIcon({ mime, name }: Pick<Attachment, "mime" | "name">): IconName {
  if (mime.startsWith("image/") || /\.(png|jpe?g|gif|webp|avif|bmp|heic)$/i.test(name)) return "picture";
  if (mime.startsWith("audio/") || mime.startsWith("video/")) return "play";
  if (/pdf|word|text|document|sheet|excel/.test(mime) || /\.(pdf|docx?|xlsx?|csv|txt|odt)$/i.test(name))
    return "form";
  return "attach";
}

/** Kinds that run when they are opened: said before they are saved. */
const RUNS = /\.(exe|com|scr|bat|cmd|msi|js|jse|vbs|wsf|hta|ps1|jar|lnk|iso|img|html?|svg|docm|xlsm|pptm)$/i;

export function FileItem({ ticket, entry, file }: { ticket: TicketId; entry: EntryId; file: Attachment }) {
  const t = useWords();
  const [pending, setPending] = useState(false);
  const [where, setWhere] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const save = async (): Promise<void> => {
    setPending(true);
    setProblem(undefined);
    try {
      const saved = await host.call("save_file", { ticket, entry, file: file.id });
      if (saved !== null) setWhere(saved);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setPending(false);
  };
  return (
    <li className={css.file}>
      <Icon name={fileIcon(file)} />
      <span className={css.what} data-selectable>
        <bdi className={css.name}>{file.name}</bdi>
        <span className={css.soft}>
          {[file.mime, file.size === null ? "" : bytes(file.size)].filter(Boolean).join(" · ")}
        </span>
        {RUNS.test(file.name) && <span className={css.warn}>{t("file.runs")}</span>}
        {where !== undefined && (
          <span className={css.soft} role="status">
            {t("file.saved", { where })}
          </span>
        )}
      </span>
      <Button
        tone="quiet"
        icon="save"
        pending={pending}
        aria-label={t("file.save_named", { name: file.name })}
        onPress={() => void save()}
      >
        {t("common.save")}
      </Button>
      {problem && (
        <div className={css.wide}>
          <Trouble problem={problem} title={t("file.not_saved")} />
        </div>
      )}
    </li>
  );
}
