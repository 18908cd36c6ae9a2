// A letter in its frame. The core made it safe; here it is shut in once more: no script, nothing fetched, no way out.
//
// What a frame without scripts cannot do is done from outside. Its height follows its content. Its links lead nowhere: each
// gets an address under `.invalid` of its own. A click is heard where the engine tells it (Chromium); WebKit runs no
// listener inside such a frame, but there the page's policy (`frame-src 'none'`) stops the navigation and says which
// address it stopped. Both ways end in the same question, which names where the link really goes.

import { useEffect, useRef, useState } from "react";
import { Button } from "../parts/Button";
import { Answers, Dialog } from "../parts/Dialog";
import { Notice } from "../parts/Notice";
import { asProblem, host } from "../platform";
import { useMirror } from "../state/store";
import { useUi } from "../state/ui";
import { useWords } from "../words/words";
import css from "./Letter.module.css";
import { type Target, targetOf } from "./LetterLinks";
import { Trouble } from "./Trouble";

/** Heights as they were, so that a letter that comes into sight again takes its room at once. */
const heights = new Map<string, number>();
const HEIGHTS = 500;
const XHTML = "http://www.w3.org/1999/xhtml";

/** What every link stands for now, by the host it was given. */
const links = new Map<string, { act: (target: Target) => void; link: HTMLAnchorElement; target: Target }>();
let given = 0;

function address(link: HTMLAnchorElement, target: Target, act: (target: Target) => void): void {
  given += 1;
  const name = `link-${given}.letter.invalid`;
  links.set(name, { act, link, target });
  link.setAttribute("href", `https://${name}/`);
}

document.addEventListener("securitypolicyviolation", (event) => {
  const name = /^https:\/\/(link-\d+\.letter\.invalid)/.exec(event.blockedURI)?.[1];
  const found = name === undefined ? undefined : links.get(name);
  if (!found || name === undefined) return;
  links.delete(name);
  // A new address, so that the same link is told of again.
  address(found.link, found.target, found.act);
  found.act(found.target);
});

/** Keys that are pressed in a letter go on to the app, where the engine tells them. */
function pass(frame: HTMLIFrameElement, event: KeyboardEvent): void {
  if (event.key === "Tab") return;
  const { key, code, ctrlKey, metaKey, altKey, shiftKey, repeat } = event;
  const bubbles = { bubbles: true, cancelable: true };
  const same = new KeyboardEvent("keydown", {
    key,
    code,
    ctrlKey,
    metaKey,
    altKey,
    shiftKey,
    repeat,
    ...bubbles,
  });
  if (!frame.dispatchEvent(same)) event.preventDefault();
}

/** Where links really go, once they were taken out of the letter's hands. */
const targets = new WeakMap<Element, Target>();

/** Takes a link out of the letter's hands. */
function bind(link: HTMLAnchorElement, act: (target: Target) => void): void {
  const target = targets.get(link) ?? targetOf(link.getAttribute("href") ?? "", link.textContent ?? "");
  link.removeAttribute("target");
  link.removeAttribute("download");
  link.removeAttribute("ping");
  link.draggable = false;
  if (target) {
    targets.set(link, target);
    address(link, target, act);
    link.title = target.place;
  } else link.removeAttribute("href");
}

/** What is read does not move when a letter above it grows; some engines see to that themselves. */
function keepPlace(frame: HTMLElement, bottom: number, grown: number): void {
  if (CSS.supports("overflow-anchor", "auto")) return;
  const scroller = frame.closest("[tabindex]");
  if (scroller && bottom <= scroller.getBoundingClientRect().top) scroller.scrollBy(0, grown);
}

/** Sets a letter that was loaded up from outside. Answers what undoes it. */
function furnish(frame: HTMLIFrameElement, act: (target: Target) => void, name: string): () => void {
  const page = frame.contentDocument;
  if (!page?.body) return () => undefined;
  const root = page.documentElement;
  for (const link of page.querySelectorAll("a, area")) {
    if (link.namespaceURI === XHTML) bind(link as HTMLAnchorElement, act);
    else for (const name of ["href", "xlink:href"]) link.removeAttribute(name);
  }
  for (const picture of page.images) picture.draggable = false;
  const listening = new AbortController();
  const listen = { capture: true, signal: listening.signal };
  const at = (event: Event, what: string): Element | null =>
    (event.target as Element | null)?.closest?.(what) ?? null;
  const click = (event: MouseEvent): void => {
    const link = at(event, "a, area");
    if (!link) return;
    event.preventDefault();
    const target = targets.get(link);
    if (target && event.button === 0) act(target);
  };
  page.addEventListener("click", click, listen);
  page.addEventListener("auxclick", click, listen);
  for (const kind of ["dragstart", "dragover", "drop", "submit"] as const)
    page.addEventListener(kind, (event) => event.preventDefault(), listen);
  // The menu of the engine offers to open and to save.
  page.addEventListener(
    "contextmenu",
    (event) => at(event, "a, area, img") && event.preventDefault(),
    listen,
  );
  page.addEventListener("keydown", (event) => pass(frame, event), listen);
  // The rest is set as properties, which the page's policy allows.
  const { color, fontSize } = getComputedStyle(frame);
  root.style.setProperty("overflow-y", "hidden");
  if (!root.classList.contains("paper")) {
    root.style.setProperty("color", color);
    root.style.setProperty("background", "transparent");
  }
  page.body.style.setProperty("font-size", fontSize);
  const grow = (): void => {
    const bar = root.scrollWidth > root.clientWidth ? 16 : 0;
    const height = Math.ceil(root.getBoundingClientRect().height) + bar;
    if (height === 0) return;
    const { height: before, bottom } = frame.getBoundingClientRect();
    frame.style.setProperty("block-size", `${height}px`);
    keepPlace(frame, bottom, height - before);
    heights.delete(name);
    heights.set(name, height);
    for (const old of heights.keys()) {
      if (heights.size <= HEIGHTS) break;
      heights.delete(old);
    }
  };
  const observer = new ResizeObserver(grow);
  observer.observe(root);
  observer.observe(frame);
  grow();
  return () => {
    observer.disconnect();
    listening.abort();
    for (const [key, one] of links) if (one.link.ownerDocument === page) links.delete(key);
  };
}

/** Whether the app is dark now. */
function useDark(): boolean {
  const theme = useMirror((mirror) => mirror.settings.theme);
  const [system, setSystem] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const change = (): void => setSystem(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return theme === "dark" || (theme === "system" && system);
}

const letters = (): NodeListOf<HTMLIFrameElement> => document.querySelectorAll("iframe[data-letter]");

/** After a click into the text the keyboard comes back to the app, so that its keys work; what was selected stays. */
function comeBack(): void {
  setTimeout(function look() {
    const frame = document.activeElement;
    if (!(frame instanceof HTMLIFrameElement) || frame.dataset.letter === undefined) return;
    const page = frame.contentDocument;
    // One selection at a time, as in one page.
    for (const other of letters())
      if (other !== frame) other.contentDocument?.getSelection()?.removeAllRanges();
    // Still pressed: a selection is being made.
    if (page?.querySelector(":active")) setTimeout(look, 100);
    else if (!page?.activeElement || page.activeElement === page.body)
      frame.closest<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
  });
}

window.addEventListener("blur", comeBack);
document.addEventListener("copy", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea");
  if (typing || getSelection()?.toString()) return;
  for (const frame of letters()) {
    const words = frame.contentDocument?.getSelection()?.toString();
    if (!words) continue;
    event.clipboardData?.setData("text/plain", words);
    event.preventDefault();
  }
});

/** The letter of this name. `page` is the document the core made. */
export function Letter({ name, page, label }: { name: string; page: string; label: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [asked, setAsked] = useState<Target>();
  const dark = useDark();
  const textSize = useUi((ui) => ui.textSize);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another letter, theme or text size is set up anew
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const kept = heights.get(name);
    if (kept !== undefined) element.style.setProperty("block-size", `${kept}px`);
    let undo = (): void => undefined;
    let furnished: Document | null = null;
    const loaded = (): void => {
      // WebKit says so again when a link was stopped; the letter is the same.
      if (element.contentDocument === furnished) return;
      furnished = element.contentDocument;
      undo();
      const root = element.contentDocument?.documentElement;
      if (root && !root.classList.contains("paper"))
        root.style.setProperty("color-scheme", dark ? "dark" : "light");
      undo = furnish(element, setAsked, name);
    };
    element.addEventListener("load", loaded);
    if (element.contentDocument?.readyState === "complete" && element.contentDocument.body?.hasChildNodes())
      loaded();
    return () => {
      element.removeEventListener("load", loaded);
      undo();
    };
  }, [page, dark, textSize, name]);
  return (
    <>
      <iframe
        ref={frame}
        className={css.frame}
        title={label}
        data-letter=""
        sandbox="allow-same-origin"
        referrerPolicy="no-referrer"
        srcDoc={page}
      />
      {asked && <LinkQuestion target={asked} onDone={() => setAsked(undefined)} />}
    </>
  );
}

/** Puts a number into the question that is asked of every number from outside. */
export async function askToDial(text: string): Promise<void> {
  const number = await host.call("parse_number", text);
  useUi.setState({ dialRequest: { number, text } });
}

function LinkQuestion({ target, onDone }: { target: Target; onDone: () => void }) {
  const t = useWords();
  const [problem, setProblem] = useState<ReturnType<typeof asProblem>>();
  const open = async (): Promise<void> => {
    try {
      if (target.kind === "phone") await askToDial(target.place);
      else await host.call("open_link", target.href);
      onDone();
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  return (
    <Dialog open title={t(`letter.open_${target.kind}`)} onClose={onDone}>
      <p className={css.place}>
        <bdi dir="ltr">{target.place}</bdi>
      </p>
      {target.shows !== undefined && (
        <Notice mood="warn" title={t("letter.shows_other")}>
          <p>
            <bdi>{t("letter.shows", { shown: target.shows })}</bdi>
          </p>
        </Notice>
      )}
      {target.kind !== "phone" && (
        <p className={css.address} data-selectable>
          <bdi dir="ltr">{target.href}</bdi>
        </p>
      )}
      {problem && <Trouble problem={problem} />}
      <Answers>
        <Button onPress={onDone}>{t("common.cancel")}</Button>
        <Button tone="main" onPress={() => void open()}>
          {t(target.kind === "phone" ? "letter.call" : "letter.open")}
        </Button>
      </Answers>
    </Dialog>
  );
}
