// The icons, our own drawing: 20 units square, one stroke, shapes that differ without colour.

import type { ReactNode } from "react";
import css from "./Icon.module.css";

const SHAPES = {
  work: <path d="M3 11h4l1.5 2.5h3L13 11h4M4.8 4h10.4L17 11v5H3v-5z" />,
  contacts: (
    <>
      <circle cx="8" cy="7" r="3" />
      <path d="M2.5 16.5c.4-3.3 2.6-5 5.5-5s5.1 1.7 5.5 5M13 4.3a3 3 0 0 1 0 5.4M15 11.9c1.5.8 2.3 2.3 2.5 4.6" />
    </>
  ),
  settings: (
    <path d="M3 6h7M14 6h3M3 14h3M10 14h7M10 6a2 2 0 1 0 4 0 2 2 0 1 0-4 0M6 14a2 2 0 1 0 4 0 2 2 0 1 0-4 0" />
  ),
  phone: (
    <path d="M5 3h2.5l1.2 3.6-1.8 1.4a10 10 0 0 0 5.1 5.1l1.4-1.8L17 12.5V15c0 1.1-.9 2-2 2C8.9 17 3 11.1 3 5c0-1.1.9-2 2-2z" />
  ),
  hangup: (
    <path d="M2.5 11.5C4 9.5 7 8.3 10 8.3s6 1.2 7.5 3.2c.3.4.3 1 0 1.4l-1 1.3c-.3.4-.9.5-1.4.3l-2.4-1.1c-.4-.2-.7-.6-.7-1.1v-1.2a8 8 0 0 0-4 0v1.2c0 .5-.3.9-.7 1.1l-2.4 1.1c-.5.2-1.1.1-1.4-.3l-1-1.3c-.3-.4-.3-1 0-1.4z" />
  ),
  ringing: (
    <>
      <path d="M5 5.5h2.2l1 3.1-1.5 1.2a8.5 8.5 0 0 0 4.3 4.3l1.2-1.5 3.1 1v2.2c0 .9-.8 1.7-1.7 1.7C8.4 17.5 3.3 12.4 3.3 7.2c0-.9.8-1.7 1.7-1.7z" />
      <path d="M11 6.5c1.5.3 2.6 1.4 2.9 2.9M11.5 2.8c3 .5 5.3 2.8 5.8 5.8" />
    </>
  ),
  waiting: (
    <path d="M10 3a4.5 4.5 0 0 0-4.5 4.5c0 4-1.5 5.5-2 6.5h13c-.5-1-2-2.5-2-6.5A4.5 4.5 0 0 0 10 3zM8.2 16.5a2 2 0 0 0 3.6 0" />
  ),
  email: <path d="M3 5h14v10H3zM3 5.5l7 5.5 7-5.5" />,
  chat: <path d="M3 4h14v9.5H9L5.5 17v-3.5H3z" />,
  other: <path d="M4 4h12v12H4zM7 8h6M7 12h4" />,
  ready: <path d="M4 10.5l4 4 8-9" />,
  pause: <path d="M7 4v12M13 4v12" />,
  away: <path d="M4 10h12" />,
  mixed: <path d="M3 7h14M3 13h14M7 4l-3 3 3 3M13 10l3 3-3 3" />,
  offline: (
    <path d="M3 3l14 14M6 8.5A7 7 0 0 1 9 7.1M3 6a11 11 0 0 1 2-1.5M9 3.1A11 11 0 0 1 17 6M13 8a7 7 0 0 1 1.5 1M8 11.5a3.5 3.5 0 0 1 2-.6M10 15.5v.1" />
  ),
  live: <path d="M3 7a10 10 0 0 1 14 0M5.5 10a6.5 6.5 0 0 1 9 0M8 13a3 3 0 0 1 4 0M10 16v.1" />,
  alert: <path d="M10 3l8 14H2zM10 8v4M10 14.5v.1" />,
  info: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 9v4.5M10 6.5v.1" />,
  check: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM6.8 10.2l2.3 2.3 4.2-4.8" />,
  cross: <path d="M5 5l10 10M15 5L5 15" />,
  refused: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7.5 7.5l5 5M12.5 7.5l-5 5" />,
  unknown: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7 10h6" />,
  down: <path d="M5 8l5 5 5-5" />,
  up: <path d="M5 12l5-5 5 5" />,
  back: <path d="M12 4l-6 6 6 6" />,
  forth: <path d="M8 4l6 6-6 6" />,
  search: <path d="M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM12.5 12.5L17 17" />,
  star: <path d="M10 2.8l2.2 4.7 5.1.6-3.8 3.5 1 5.1-4.5-2.6-4.5 2.6 1-5.1L2.7 8.1l5.1-.6z" />,
  ticket: <path d="M3 5h14v3a2 2 0 0 0 0 4v3H3v-3a2 2 0 0 0 0-4zM12 5v10" />,
  company: <path d="M4 17V4h8v13M12 8h4v9M2.5 17h15M7 7.5h2M7 10.5h2M7 13.5h2" />,
  device: (
    <path d="M4 10V9a6 6 0 0 1 12 0v1M3 10h3v5H4.5A1.5 1.5 0 0 1 3 13.5zM17 10h-3v5h1.5a1.5 1.5 0 0 0 1.5-1.5z" />
  ),
  queue: <path d="M4 5h12M4 10h12M4 15h7" />,
  clock: <path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l2.5 2" />,
  dialpad: (
    <path d="M5 4.5v.1M10 4.5v.1M15 4.5v.1M5 9v.1M10 9v.1M15 9v.1M5 13.5v.1M10 13.5v.1M15 13.5v.1M10 17.5v.1" />
  ),
  erase: <path d="M7 4.5h10v11H7L2.5 10zM10 8l4 4M14 8l-4 4" />,
  silence: <path d="M3 8v4h2.5L9 15V5L5.5 8zM13 8l4 4M17 8l-4 4" />,
  sound: <path d="M3 8v4h2.5L9 15V5L5.5 8zM12 7.5a3.5 3.5 0 0 1 0 5M14.5 5a7 7 0 0 1 0 10" />,
  out: <path d="M6 14l8-8M8 6h6v6" />,
  in: <path d="M14 6l-8 8M12 14H6V8" />,
  keyboard: <path d="M2.5 5.5h15v9h-15zM5.5 8.5v.1M8.5 8.5v.1M11.5 8.5v.1M14.5 8.5v.1M7 11.8h6" />,
  copy: <path d="M7 7h9v10H7zM4 13V3h9" />,
  trash: <path d="M4 6h12M8 6V4h4v2M5.5 6l.8 11h7.4l.8-11" />,
  resend: <path d="M16 10a6 6 0 1 1-2-4.5M16.5 3v3.5H13" />,
  edit: <path d="M4 16l.7-3.5L13 4.2l2.8 2.8-8.3 8.3z" />,
  lock: <path d="M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9" />,
  plus: <path d="M10 4v12M4 10h12" />,
  queues: <path d="M3 5h14M3 10h14M3 15h8M14.5 15h2.5" />,
  history: <path d="M3.5 10a6.5 6.5 0 1 0 2-4.7M3 3v3.5h3.5M10 6.5V10l2.5 1.5" />,
  missed: <path d="M3 6l7 6 7-6M11.5 6H17v5.5" />,
  voicemail: <path d="M5.5 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM14.5 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM5.5 13h9" />,
  recording: (
    <>
      <circle cx="10" cy="10" r="7" />
      <circle cx="10" cy="10" r="2.5" />
    </>
  ),
  upload: <path d="M10 13V4M6 7.5l4-4 4 4M4 13v3.5h12V13" />,
  hold: <path d="M7.5 7v6M12.5 7v6M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z" />,
  play: <path d="M6.5 4l9 6-9 6z" />,
  mic: (
    <path d="M7.5 9V5a2.5 2.5 0 0 1 5 0v4a2.5 2.5 0 0 1-5 0zM4.5 9a5.5 5.5 0 0 0 11 0M10 14.5V18M7 18h6" />
  ),
  mic_off: (
    <path d="M12.5 8V5a2.5 2.5 0 0 0-4.7-1.2M7.5 7.5V9a2.5 2.5 0 0 0 3.9 2.1M4.5 9a5.5 5.5 0 0 0 8.6 4.5M15.5 9a5.4 5.4 0 0 1-.6 2.4M10 14.5V18M7 18h6M3 2.5l14 15" />
  ),
  transfer: (
    <path d="M11 4h6v6M17 4l-7 7M4.5 6h1.8l.9 2.7-1.3 1a7.5 7.5 0 0 0 4.4 4.4l1-1.3 2.7.9v1.8c0 .8-.7 1.5-1.5 1.5C7.6 17 3 12.4 3 7.5 3 6.7 3.7 6 4.5 6z" />
  ),
  consult: <path d="M3 4h9v6.5H7.5L5 13v-2.5H3zM14.5 8H17v6.5h-2V17l-2.5-2.5H8.5" />,
  join: <path d="M2.5 10h5.5M17.5 10H12M5.5 6.5L9 10l-3.5 3.5M14.5 6.5L11 10l3.5 3.5" />,
  conference: (
    <>
      <circle cx="10" cy="6" r="2.5" />
      <circle cx="4.5" cy="9" r="1.8" />
      <circle cx="15.5" cy="9" r="1.8" />
      <path d="M5.8 16.5c.3-3 1.9-4.6 4.2-4.6s3.9 1.6 4.2 4.6M1.5 15.5c.2-2 1-3.2 2.6-3.4M18.5 15.5c-.2-2-1-3.2-2.6-3.4" />
    </>
  ),
  swap: <path d="M3.5 7.5h11.5M12 4l3.5 3.5L12 11M16.5 13.5H5M8 10.5L4.5 13.5 8 17" />,
  move: <path d="M3 4h8v12H3zM5.5 13.5h3M13 10h5M15.5 7.5L18 10l-2.5 2.5" />,
  park: <path d="M3.5 3.5h13v13h-13zM8 14V6.5h2.7a2.3 2.3 0 0 1 0 4.6H8" />,
  record: (
    <>
      <circle cx="10" cy="10" r="7" />
      <circle cx="10" cy="10" r="3.2" fill="currentColor" stroke="none" />
    </>
  ),
  dot: <circle cx="10" cy="10" r="6" fill="currentColor" stroke="none" />,
  stop: <path d="M5.5 5.5h9v9h-9z" />,
  save: <path d="M10 3v9M6.5 8.5L10 12l3.5-3.5M3.5 13v3.5h13V13" />,
  divert: <path d="M4 17v-5.5A3.5 3.5 0 0 1 7.5 8H16M12.5 4.5L16 8l-3.5 3.5" />,
  person: (
    <path d="M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3.5 17.5c.4-3.6 2.9-5.3 6.5-5.3s6.1 1.7 6.5 5.3" />
  ),
  note: <path d="M4 3h12v10l-4 4H4zM12 17v-4h4M7 7h6M7 10h4" />,
  sms: <path d="M6.5 2.5h7v15h-7zM9 15h2M8.5 6h3M8.5 8.5h3" />,
  form: <path d="M4.5 3h11v14h-11zM7 6.5h6M7 9.5h6M7 12.5h2M12 13.5l1 1 2-2.5" />,
  social: (
    <path d="M5.5 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM14 7.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM14 16.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM7.3 9l5-2.6M7.3 11l5 2.6" />
  ),
  urgent: <path d="M10 16V4M5.5 8.5L10 4l4.5 4.5M5.5 13L10 8.5l4.5 4.5" />,
  tag: <path d="M3 3h7l7 7-7 7-7-7zM6.8 6.8v.1" />,
  attach: (
    <path d="M16 9.5l-6.2 6.2a3.6 3.6 0 0 1-5.1-5.1l6.9-6.9a2.4 2.4 0 0 1 3.4 3.4l-6.8 6.8a1.2 1.2 0 0 1-1.7-1.7l6.1-6.1" />
  ),
  picture: <path d="M3 4h14v12H3zM3 13.5l4-4 4 4 2.5-2.5 3.5 3.5M13 8v.1" />,
  filter: <path d="M3 5h14l-5.5 6.5V16l-3 1.5v-6z" />,
  reply: <path d="M8 5L3.5 9.5 8 14M3.5 9.5H12a4.5 4.5 0 0 1 4.5 4.5v1.5" />,
  more: <path d="M5 10v.1M10 10v.1M15 10v.1" />,
  screen: <path d="M2.5 4h15v10h-15zM7 17h6M10 14v3M6 11V9M10 11V7M14 11V8.5" />,
  practice: <path d="M2.5 7.5L10 4l7.5 3.5L10 11zM5.5 9v4.5c2.8 2 6.2 2 9 0V9M17.5 7.5v5" />,
} satisfies Record<string, ReactNode>;

/** The name of an icon. */
export type IconName = keyof typeof SHAPES;

/** An icon. It never speaks: the words beside it do. */
export function Icon({ name, size = "m" }: { name: IconName; size?: "s" | "m" | "l" | "xl" }) {
  return (
    <svg className={css[size]} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {SHAPES[name]}
    </svg>
  );
}
