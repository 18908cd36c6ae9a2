// Runs inside the page: finds elements by role and accessible name. Each function stands alone, since its text is sent.

/** The first visible element with the role and the name, or null. */
export function findByRole(role, wanted, within) {
  const selectors = {
    button: "button, [role=button], summary, input[type=submit]",
    link: "a[href], [role=link]",
    textbox:
      "textarea, input:not([type]), input[type=text], input[type=url], input[type=password], input[type=tel], input[type=search], [role=textbox], [role=searchbox]",
    region: "section, [role=region], aside, nav, main, [role=navigation], [role=complementary]",
    heading: "h1, h2, h3, h4, [role=heading]",
    checkbox: "input[type=checkbox], [role=checkbox], [role=switch]",
    radio: "input[type=radio], [role=radio]",
    dialog: "dialog, [role=dialog], [role=alertdialog]",
    option: "option, [role=option]",
    row: "[role=row], tr, li, [role=listitem], [role=option]",
    menuitem: "[role=menuitem], [role=menuitemradio], [role=menuitemcheckbox]",
  };
  const text = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true") return "";
    if (node.tagName === "IMG") return node.alt;
    if (node.tagName.toLowerCase() === "svg") return node.getAttribute("aria-label") ?? "";
    return node.getAttribute("aria-label") ?? [...node.childNodes].map(text).join(" ");
  };
  const nameOf = (element) => {
    const by = element.getAttribute("aria-labelledby");
    const labelled = by
      ?.split(/\s+/)
      .map((id) => document.getElementById(id))
      .filter(Boolean);
    if (labelled?.length) return labelled.map(text).join(" ");
    if (element.getAttribute("aria-label")) return element.getAttribute("aria-label");
    if (element.labels?.length) return [...element.labels].map(text).join(" ");
    const container = /region|dialog|group/.test(role);
    return (container ? "" : text(element)) || element.title || element.placeholder || "";
  };
  const clean = (name) =>
    name
      .replace(/[\u2066-\u2069\u200e\u200f]/g, "")
      .replace(/\s+/g, " ")
      .trim();
  const pattern = wanted.source === undefined ? null : new RegExp(wanted.source, wanted.flags);
  const fits = (name) => (pattern ? pattern.test(name) : name === wanted.text);
  const visible = (element) => {
    if (element.closest("[aria-hidden=true], [inert]")) return false;
    // A check box or radio is often drawn by its label, while the input itself lies invisibly over it.
    const drawn = /checkbox|radio/.test(role) ? (element.closest("label") ?? element) : element;
    const box = drawn.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(drawn).visibility !== "hidden";
  };
  const found = [...(within ?? document).querySelectorAll(selectors[role] ?? `[role=${role}]`)].find(
    (element) => fits(clean(nameOf(element))) && visible(element),
  );
  if (!found) return null;
  return /checkbox|radio/.test(role) ? (found.closest("label") ?? found) : found;
}

/** What there is to find, for the message when something was not found. */
export function readRoles() {
  const things = document.querySelectorAll("button, [role], a[href], input, textarea, section, h1, h2, h3");
  return [...things].slice(0, 120).map((element) => {
    const role = element.getAttribute("role") ?? element.tagName.toLowerCase();
    const name =
      element.getAttribute("aria-label") ??
      (element.textContent ?? "").replace(/\s+/g, " ").trim().slice(0, 60);
    return `${role}: ${name}`;
  });
}
