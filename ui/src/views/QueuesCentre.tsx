// What the centres run beside queues: campaigns with how far they are, teams as trees with who is in them and how they stand.
// It changes slowly and costs the platforms something: asked when it is opened, every five minutes, and when wanted.

import { useCallback, useEffect, useState } from "react";
import { Trouble } from "../domain/Trouble";
import type { Campaign, Centre, Problem, Team, Timestamp } from "../generated/model";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Spinner } from "../parts/Spinner";
import { asProblem, host } from "../platform";
import { elapsed, engineNow, useByNow } from "../state/clock";
import { useAccount } from "../state/store";
import { age, clockTime, count, dayTime } from "../words/format";
import { useWords, type Words } from "../words/words";
import css from "./QueuesCentre.module.css";

/** How often it is asked again while it is looked at, in milliseconds. */
const EVERY = 300_000;

function Through({ account }: { account: string }) {
  const one = useAccount(account);
  return one ? <bdi className={css.soft}>{one.account.name}</bdi> : null;
}

/** The documented words for how a campaign dials and where it stands; a platform's other words are shown as they are. */
const MODES = ["preview", "progressive", "predictive"] as const;
const STATES = ["created", "started", "dialing", "pause", "finished"] as const;
const plain = (words: string): string => words.replaceAll("_", " ");

function modeWords(mode: string, t: Words): string {
  const known = MODES.find((one) => one === mode);
  return known ? t(`centre.mode_${known}`) : plain(mode);
}

function stateWords(state: string, t: Words): string {
  const known = STATES.find((one) => one === state);
  return known ? t(`centre.state_${known}`) : plain(state);
}

function CampaignRow({ campaign }: { campaign: Campaign }) {
  const t = useWords();
  const { title, mode, state, running, queue, contacts, done, counts, begins, ends } = campaign;
  return (
    <li className={css.campaign}>
      <div className={css.line}>
        <h3 className={css.title}>
          <bdi>{title}</bdi>
        </h3>
        {running !== null && (
          <Chip tone={running ? "good" : "away"} icon={running ? "play" : "pause"}>
            {t(running ? "centre.running" : "centre.not_running")}
          </Chip>
        )}
        <bdi>{stateWords(state, t)}</bdi>
        <span className={css.soft}>
          {t("centre.mode")}: <bdi>{modeWords(mode, t)}</bdi>
        </span>
        {queue && <bdi className={css.soft}>{queue.title}</bdi>}
        <span className={css.end}>
          <Through account={campaign.account} />
        </span>
      </div>
      {contacts !== null && contacts > 0 && done !== null && (
        <div className={css.line}>
          <progress
            className={css.progress}
            aria-label={t("centre.progress", { campaign: title })}
            value={Math.min(done, contacts)}
            max={contacts}
          />
          <span>{t("centre.done_of", { done: count(done), contacts: count(contacts) })}</span>
        </div>
      )}
      {(begins !== null || ends !== null) && (
        <p className={css.soft}>
          {[
            begins !== null && t("centre.begins", { time: dayTime(begins) }),
            ends !== null && t("centre.ends", { time: dayTime(ends) }),
          ]
            .filter(Boolean)
            .join(" ")}
        </p>
      )}
      {counts.length > 0 && (
        <dl className={css.counts}>
          {counts.map(({ what, value }) => (
            <div key={what}>
              <dt>
                <bdi>{plain(what)}</bdi>
              </dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}

function Since({ at }: { at: Timestamp }) {
  return <>{useByNow((now) => age(elapsed(at, now)))}</>;
}

/** A team and those below it. The core sends parents first: who names one that comes later, or itself, is a root. */
function TeamTree({ teams, parent }: { teams: readonly Team[]; parent: Team | undefined }) {
  const t = useWords();
  const here = teams.filter((team, at) => parentOf(team, teams.slice(0, at)) === parent);
  if (here.length === 0) return null;
  return (
    <ul className={css.teams}>
      {here.map((team) => (
        <li key={`${team.account}/${team.id}`} className={css.team}>
          <div className={css.line}>
            <h3 className={css.title}>
              <bdi>{team.title}</bdi>
            </h3>
            {team.mine && (
              <Chip tone="info" icon="person">
                {t("centre.mine")}
              </Chip>
            )}
            {!parent && <Through account={team.account} />}
          </div>
          {team.members.length === 0 ? (
            <p className={css.soft}>{t("centre.no_members")}</p>
          ) : (
            <ul className={css.members} aria-label={t("centre.members")}>
              {team.members.map((member, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two people may have the same name, and the list is replaced as a whole
                <li key={at} className={css.member}>
                  <bdi>{member.name}</bdi>
                  {member.presence === null ? (
                    <span className={css.soft}>{t("centre.not_told")}</span>
                  ) : (
                    <span className={css.presence}>
                      <bdi>{member.presence}</bdi>
                      {member.since !== null && (
                        <span className={css.soft}>
                          <Since at={member.since} />
                        </span>
                      )}
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )}
          <TeamTree teams={teams} parent={team} />
        </li>
      ))}
    </ul>
  );
}

/** The team this one is part of, of those before it. */
function parentOf(team: Team, before: readonly Team[]): Team | undefined {
  return before.find((other) => other.account === team.account && other.id === team.parent);
}

export function QueuesCentre() {
  const t = useWords();
  const [centre, setCentre] = useState<Centre & { at: Timestamp }>();
  const [problem, setProblem] = useState<Problem>();
  const [asking, setAsking] = useState(true);
  const ask = useCallback(() => {
    let current = true;
    setAsking(true);
    host
      .call("centre")
      .then(
        (told) => {
          if (!current) return;
          setCentre({ ...told, at: engineNow() });
          setProblem(undefined);
        },
        (thrown) => current && setProblem(asProblem(thrown)),
      )
      .finally(() => current && setAsking(false));
    return () => {
      current = false;
    };
  }, []);
  useEffect(() => {
    let stop = ask();
    const timer = setInterval(() => {
      if (document.hidden) return;
      stop();
      stop = ask();
    }, EVERY);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [ask]);
  return (
    <section className={css.all} aria-label={t("queues.centre")}>
      <div className={css.line}>
        {centre && <span className={css.soft}>{t("centre.told_at", { time: clockTime(centre.at) })}</span>}
        <span className={css.end}>
          <Button icon="resend" pending={asking} onPress={() => void ask()}>
            {t("centre.refresh")}
          </Button>
        </span>
      </div>
      {[...(problem ? [problem] : []), ...(centre?.problems ?? [])].map((one) => (
        <Trouble key={`${one.account} ${one.code}`} problem={one} />
      ))}
      {!centre && asking && (
        <p className={css.line}>
          <Spinner /> {t("centre.asking")}
        </p>
      )}
      {centre && (
        <>
          <section className={css.part} aria-label={t("centre.campaigns")}>
            <h2>{t("centre.campaigns")}</h2>
            {centre.campaigns.length === 0 ? (
              <p className={css.soft}>{t("centre.no_campaigns")}</p>
            ) : (
              <ul className={css.campaigns}>
                {centre.campaigns.map((one) => (
                  <CampaignRow key={`${one.account}/${one.id}`} campaign={one} />
                ))}
              </ul>
            )}
          </section>
          <section className={css.part} aria-label={t("centre.teams")}>
            <h2>{t("centre.teams")}</h2>
            {centre.teams.length === 0 ? (
              <p className={css.soft}>{t("centre.no_teams")}</p>
            ) : (
              <TeamTree teams={centre.teams} parent={undefined} />
            )}
          </section>
        </>
      )}
    </section>
  );
}
