// Where the operations of an account are found, and how sure that is. An operator's own file can move them: it is shown
// what would change, and only then kept.

import { useCallback, useEffect, useState } from "react";
import { FileTrigger } from "react-aria-components";
import { Trouble } from "../../domain/Trouble";
import type { AccountId, Problem, Provenance, Route, RoutesReport } from "../../generated/model";
import { Button } from "../../parts/Button";
import { Chip, type ChipTone } from "../../parts/Chip";
import { Select, TextLine } from "../../parts/Field";
import { Notice } from "../../parts/Notice";
import { Spinner } from "../../parts/Spinner";
import { asProblem, host } from "../../platform";
import { count } from "../../words/format";
import { useWords } from "../../words/words";
import css from "./Routes.module.css";

const ALL = "*all*";
const PROVENANCES = ["documented", "seen", "inferred", "imported"] as const satisfies readonly Provenance[];
const TONE: Readonly<Record<Provenance, ChipTone>> = {
  documented: "good",
  seen: "good",
  inferred: "warn",
  imported: "info",
};

/** The largest file that is read, in bytes. The vendor's own is a tenth of it. */
const LARGEST = 8_000_000;

function Place({ route }: { route: Route }) {
  return (
    <bdi dir="ltr" className={css.code}>
      {route.method} {route.path}
    </bdi>
  );
}

function Table({ routes }: { routes: readonly Route[] }) {
  const t = useWords();
  const [text, setText] = useState("");
  const [provenance, setProvenance] = useState<string>(ALL);
  const wanted = text.trim().toLowerCase();
  const found = routes.filter(
    (route) =>
      (provenance === ALL || route.provenance === provenance) &&
      `${route.operation} ${route.group} ${route.method} ${route.path}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <div className={css.filters}>
        <TextLine
          label={t("routes.filter")}
          type="search"
          value={text}
          onChange={setText}
          placeholder={t("routes.filter_placeholder")}
        />
        <Select
          label={t("routes.provenance")}
          value={provenance}
          options={[
            { id: ALL, title: t("routes.all") },
            ...PROVENANCES.map((id) => ({ id, title: t(`routes.${id}`) })),
          ]}
          onChange={setProvenance}
        />
      </div>
      <p className={css.soft}>{t("routes.count", { count: found.length, shown: count(found.length) })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must be able to scroll it */}
      <section className={css.scroll} tabIndex={0} aria-label={t("routes.table")}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t("routes.operation")}</th>
              <th scope="col">{t("routes.path")}</th>
              <th scope="col">{t("routes.provenance")}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((route) => (
              <tr key={route.operation}>
                <th scope="row">
                  <bdi className={css.code}>{route.operation}</bdi>
                  <bdi className={css.soft}>{route.group}</bdi>
                </th>
                <td data-selectable>
                  <Place route={route} />
                </td>
                <td>
                  <Chip tone={TONE[route.provenance]}>{t(`routes.${route.provenance}`)}</Chip>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

/** What a file says, before it is kept. */
function Preview({ report }: { report: RoutesReport }) {
  const t = useWords();
  const { confirmed, changes, missing, unknown } = report;
  return (
    <div className={css.preview} data-selectable>
      <p>{t("routes.confirmed", { count: confirmed, shown: count(confirmed) })}</p>
      <p className={css.strong}>
        {changes.length === 0 ? t("routes.no_changes") : t("routes.changes", { count: changes.length })}
      </p>
      {changes.length > 0 && (
        <ul className={css.changes}>
          {changes.map(({ from, to }) => (
            <li key={to.operation}>
              <bdi className={css.code}>{to.operation}</bdi>
              <span>
                <s>
                  <Place route={from} />
                </s>
                <span className="heard">{t("routes.becomes")}</span>
                <Place route={to} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {missing.length > 0 && (
        <details>
          <summary>{t("routes.missing", { count: missing.length })}</summary>
          <ul className={css.names}>
            {missing.map((route) => (
              <li key={route.operation}>
                <bdi className={css.code}>{route.operation}</bdi> <Place route={route} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {unknown.length > 0 && (
        <details>
          <summary>{t("routes.unknown", { count: unknown.length })}</summary>
          <ul className={css.names}>
            {unknown.map((name) => (
              <li key={name}>
                <bdi dir="ltr" className={css.code}>
                  {name}
                </bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

/** What is about to be kept: a file's text, or nothing for the standard routes. */
interface Wanted {
  name: string | undefined;
  text: string | null;
  report: RoutesReport;
}

export function Routes({ account }: { account: AccountId }) {
  const t = useWords();
  const [routes, setRoutes] = useState<readonly Route[]>();
  const [wanted, setWanted] = useState<Wanted>();
  const [doing, setDoing] = useState<"read" | "keep">();
  const [problem, setProblem] = useState<Problem>();
  const [said, setSaid] = useState<string>();
  const load = useCallback(() => {
    let current = true;
    setProblem(undefined);
    host.call("routes", account).then(
      (told) => current && setRoutes(told),
      (thrown) => current && setProblem(asProblem(thrown)),
    );
    return () => {
      current = false;
    };
  }, [account]);
  useEffect(load, [load]);

  const look = async (name: string | undefined, read: () => Promise<string | null>): Promise<void> => {
    setDoing("read");
    setWanted(undefined);
    setProblem(undefined);
    setSaid(undefined);
    try {
      const text = await read();
      setWanted({ name, text, report: await host.call("import_routes", { account, text, keep: false }) });
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setDoing(undefined);
  };
  const choose = (files: FileList | null): void => {
    const file = files?.[0];
    if (!file) return;
    if (file.size > LARGEST) setSaid(t("routes.too_large"));
    else void look(file.name, () => file.text());
  };
  const keep = async ({ text }: Wanted): Promise<void> => {
    setDoing("keep");
    setProblem(undefined);
    try {
      await host.call("import_routes", { account, text, keep: true });
      setWanted(undefined);
      setSaid(text === null ? t("routes.standard_again") : t("routes.kept"));
      load();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
    setDoing(undefined);
  };
  const own = routes?.some((route) => route.provenance === "imported") ?? false;
  return (
    <section className={css.routes} aria-label={t("routes.title")}>
      <p className={css.soft}>{t("routes.help")}</p>
      <div className={css.row}>
        <FileTrigger acceptedFileTypes={[".json", ".yaml", ".yml"]} onSelect={choose}>
          <Button icon="upload" pending={doing === "read"}>
            {t("routes.import")}
          </Button>
        </FileTrigger>
        {own && (
          <Button
            tone="quiet"
            isDisabled={doing !== undefined}
            onPress={() => void look(undefined, async () => null)}
          >
            {t("routes.standard")}
          </Button>
        )}
      </div>
      {said !== undefined && <Notice mood="info" title={said} />}
      {problem && <Trouble problem={problem} place="settings" />}
      {wanted && (
        <section className={css.wanted} aria-label={t("routes.would")}>
          <h4>
            {wanted.name === undefined ? (
              t("routes.standard")
            ) : (
              <>
                {t("routes.would")} <bdi>{wanted.name}</bdi>
              </>
            )}
          </h4>
          <Preview report={wanted.report} />
          <div className={css.row}>
            <Button
              tone="main"
              pending={doing === "keep"}
              isDisabled={wanted.report.changes.length === 0}
              onPress={() => void keep(wanted)}
            >
              {t("routes.keep")}
            </Button>
            <Button onPress={() => setWanted(undefined)}>{t("common.cancel")}</Button>
          </div>
        </section>
      )}
      {!routes && !problem && (
        <p className={css.soft}>
          <Spinner /> {t("common.loading")}
        </p>
      )}
      {routes && <Table routes={routes} />}
    </section>
  );
}
