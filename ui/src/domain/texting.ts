// How long a text message is for the network that carries it: seven-bit letters of GSM 03.38 where all of them are in its
// alphabet, else 16-bit ones; a text of several parts loses a little of each part to the thread that joins them.

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** Letters of the extension table: each takes two places. */
const EXTENDED = new Set("\f^{}\\[~]|€");

/** A text as the network counts it. */
export interface TextLength {
  /** Letters as people count them. */
  letters: number;
  /** Messages that will be sent. */
  parts: number;
  /** Places left in the last part. */
  left: number;
}

/** Counts a text. */
export function textLength(text: string): TextLength {
  const letters = [...text];
  const seven = letters.every((letter) => BASIC.has(letter) || EXTENDED.has(letter));
  const places = seven
    ? letters.reduce((sum, letter) => sum + (EXTENDED.has(letter) ? 2 : 1), 0)
    : text.length;
  const [single, joined] = seven ? [160, 153] : [70, 67];
  const parts = places <= single ? Math.min(1, places) : Math.ceil(places / joined);
  const room = parts <= 1 ? single : parts * joined;
  return { letters: letters.length, parts, left: room - places };
}
