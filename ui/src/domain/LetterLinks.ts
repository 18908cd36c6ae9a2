// Where a link of a letter really goes, and whether what it shows says otherwise. Only addresses of the web, of mail and of
// telephones are anything at all; whatever else stands in a letter is inert.

/** What a click on a link comes to. */
export interface Target {
  kind: "web" | "mail" | "phone";
  /** The whole address, as it is opened. */
  href: string;
  /** What the agent is told: the host, the mail address, the number. */
  place: string;
  /** The shown text names this other place. */
  shows: string | undefined;
}

/** The host a text names, if it reads like an address. */
function hostIn(text: string): string | undefined {
  const found =
    /(?:^|[\s(<])(?:https?:\/\/)?(?:[^\s/@]*@)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?=[/:?#\s)>.,]|$)/iu.exec(
      text,
    )?.[1];
  if (found === undefined) return undefined;
  try {
    return new URL(`https://${found}`).host;
  } catch {
    return undefined;
  }
}

/** The host of a mail address, or of the web, without what only looks different. */
const plain = (host: string): string => host.toLowerCase().replace(/^www\./, "");

/** Reads a link; nothing when it leads nowhere that may be opened. */
export function targetOf(href: string, shown: string): Target | undefined {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return undefined;
  }
  const named = hostIn(shown.trim());
  if ((url.protocol === "https:" || url.protocol === "http:") && url.host !== "") {
    const other = named !== undefined && plain(named) !== plain(url.hostname) ? named : undefined;
    // A name before the host reads like a host.
    const shows = other ?? (url.username === "" ? undefined : url.username);
    return { kind: "web", href: url.href, place: url.host, shows };
  }
  if (url.protocol === "mailto:") {
    const [address = ""] = url.pathname.split("?");
    const place = decoded(address);
    const shows =
      /\S+@\S+\.\S+/.test(shown) && !shown.toLowerCase().includes(place.toLowerCase())
        ? shown.trim()
        : undefined;
    return place === "" ? undefined : { kind: "mail", href: url.href, place, shows };
  }
  if (url.protocol === "tel:") {
    const place = decoded(url.pathname);
    const digits = (text: string): string => text.replace(/\D/g, "");
    const other = digits(shown);
    // The same number may be written with and without the country: then the end is the same.
    const shows = other.length > 5 && !digits(place).endsWith(other.slice(-6)) ? shown.trim() : undefined;
    return /\d/.test(place) ? { kind: "phone", href: url.href, place, shows } : undefined;
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
