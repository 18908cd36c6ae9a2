import { expect, test } from "vitest";
import { targetOf } from "./LetterLinks";

test("only web, mail and telephone lead anywhere", () => {
  expect(targetOf("https://shop.example.com/a?b=1", "your order")).toEqual({
    kind: "web",
    href: "https://shop.example.com/a?b=1",
    place: "shop.example.com",
    shows: undefined,
  });
  expect(targetOf("mailto:jan@example.com?subject=x", "write to us")?.place).toBe("jan@example.com");
  expect(targetOf("tel:+15550100", "+1 555 0100")).toMatchObject({ kind: "phone", shows: undefined });
  for (const inert of [
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "blob:https://a.example/1",
    "tauri://localhost/",
    "relative/path",
    "#top",
    "",
    "tel:abc",
    "mailto:",
  ])
    expect(targetOf(inert, "x"), inert).toBeUndefined();
});

test("a link that shows one place and goes to another is told apart", () => {
  const shows = (href: string, shown: string): string | undefined => targetOf(href, shown)?.shows;
  expect(shows("https://evil.example/login", "https://bank.example/login")).toBe("bank.example");
  expect(shows("https://evil.example/", "bank.example")).toBe("bank.example");
  expect(shows("https://bank.example@evil.example/", "log in")).toBe("bank.example");
  expect(shows("https://www.shop.example/a", "shop.example")).toBeUndefined();
  expect(shows("https://shop.example/", "Click here. Thanks")).toBeUndefined();
  expect(shows("mailto:thief@evil.example", "help@bank.example")).toBe("help@bank.example");
  expect(shows("mailto:help@bank.example", "help@bank.example")).toBeUndefined();
  expect(shows("tel:+15550199", "+1 555 0100")).toBe("+1 555 0100");
  expect(shows("tel:+442079460150", "020 7946 0150")).toBeUndefined();
});

test("a host with foreign letters is shown as the network knows it", () => {
  expect(targetOf("https://аpple.example/", "apple.example")).toMatchObject({
    place: "xn--pple-43d.example",
    shows: "apple.example",
  });
});
