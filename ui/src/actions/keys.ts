// Chords as the registry writes them (`Mod+Shift+A`) against keyboard events, and as people read them. `Mod` is Command
// on a Mac and Control elsewhere.

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys of a chord as the registry names them; the last one may be `+` itself. */
function parts(chord: string): string[] {
  return chord.split(/\+(?=.)/);
}

/** Whether this key press is this chord. Letters are compared by the letter typed, so that it fits every layout. */
export function isChord(event: KeyboardEvent, chord: string): boolean {
  const keys = parts(chord);
  const key = keys.at(-1) ?? "";
  const wants = (name: string): boolean => keys.slice(0, -1).includes(name);
  const mod = MAC ? event.metaKey : event.ctrlKey;
  const other = MAC ? event.ctrlKey : event.metaKey;
  // `?` needs Shift on some layouts and not on others: for signs the sign itself is enough.
  const shift = /^[a-z0-9]$/i.test(key) ? event.shiftKey === wants("Shift") : true;
  return (
    mod === wants("Mod") &&
    !other &&
    event.altKey === wants("Alt") &&
    shift &&
    event.key.toLowerCase() === key.toLowerCase()
  );
}

/** Whether keys pressed there are text and not commands. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"))
  );
}

/** The keys of a chord, for reading. */
export function chordKeys(chord: string): readonly string[] {
  const names: Record<string, string> = MAC ? { Mod: "⌘", Shift: "⇧", Alt: "⌥" } : { Mod: "Ctrl" };
  return parts(chord).map((part) => names[part] ?? part);
}

/** A key press as the system's global shortcuts are written (`Ctrl+Shift+A`); nothing while only modifiers are held. */
export function recordChord(event: KeyboardEvent): string | undefined {
  if (["Control", "Shift", "Alt", "Meta"].includes(event.key)) return undefined;
  const code = event.code.replace(/^(Key|Digit)/, "");
  const held = [
    event.ctrlKey && "Ctrl",
    event.altKey && "Alt",
    event.shiftKey && "Shift",
    event.metaKey && "Super",
  ];
  const modifiers = held.filter((name) => name !== false);
  // A single key would be taken from every other program: only function keys may stand alone.
  return modifiers.length > 0 || /^F\d+$/.test(code) ? [...modifiers, code].join("+") : undefined;
}
