// Letters of the practice world as the core would hand them over: whole documents in its own dress. One ticket holds hostile
// ones as if the core had let everything through, so that what the frame holds by itself can be seen.

/** As crates/letter writes it; a test compares the two. */
export const STYLE =
  ":root{color-scheme:light dark}html.paper{color-scheme:only light;background:#fff;color:#000}body{margin:0;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}html.paper body{padding:12px}.plain,pre{white-space:pre-wrap}img{max-width:100%;height:auto}table{max-width:100%}p,div,li,td,th,dd,dt,h1,h2,h3,h4,h5,h6{unicode-bidi:plaintext}[dir]{unicode-bidi:isolate}blockquote{margin:0 0 0 4px;padding:0 0 0 10px;border-left:2px solid GrayText}details.quoted{margin:8px 0}summary{cursor:pointer;color:GrayText}.remote,.gone{display:inline-block;padding:0 6px;border:1px dashed GrayText;border-radius:4px;font-size:12px}";

const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A document of the core's around a body. */
export function letter(body: string, paper = false): string {
  return `<!doctype html><html${paper ? ' class="paper"' : ""}><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="referrer" content="no-referrer"><style>${STYLE}</style></head><body dir="auto"><div>${body}</div></body></html>`;
}

/** The same without any policy of its own: only the frame and the page's policy are left. */
export function bare(body: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"></head><body>${body}</body></html>`;
}

const DOT =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const MAIL = letter(
  `<p>Hello,</p><p>I only got <b>one of the two boxes</b>. The driver says both were handed over, but my neighbour has not seen it.</p>` +
    `<ul><li>Order <a href="https://shop.example.com/orders/20931">20931</a></li><li>You can reach me at <a href="tel:+442079460150" data-number="+442079460150">020 7946 0150</a> or <a href="mailto:claims@example.org">claims@example.org</a></li></ul>` +
    `<p>Is this really you? <a href="https://collect.evil.example/pay">https://shop.example.com/pay</a></p>` +
    `<p><span class="remote">Picture</span> <img alt="dot" src="${DOT}" width="24" height="24"></p>` +
    `<details class="quoted"><summary>Quoted text</summary><blockquote><p>On Friday our shop wrote: your two boxes leave today.</p></blockquote></details>`,
);

export const SHOWN = letter(
  `<p>Hello,</p><p>Here are the photos.</p><p><img alt="box" src="${DOT}" width="64" height="48"></p>`,
);

export const PAINTED = letter(
  `<table width="100%" bgcolor="#0a3d62"><tr><td style="color:#ffffff;padding:16px"><h2>Your parcel is on its way</h2><p>It arrives on Friday between 10 and 12.</p></td></tr></table><p style="color:#333333">You get this letter because you ordered with us.</p>`,
  true,
);

/** Each tries to run, to fetch, to leave or to break out. What runs calls \`top.__pwned\`; what is fetched is under evil.example. */
export const HOSTILE: readonly string[] = [
  "<script>top.__pwned('script')</script><p>plain script</p>",
  "<img src=x onerror=\"top.__pwned('onerror')\"><p>handler of a picture</p>",
  "<svg onload=\"top.__pwned('svg')\"><animate onbegin=\"top.__pwned('animate')\" attributeName=x dur=1s></svg>",
  "<svg><style><img src=x onerror=\"top.__pwned('mxss')\"></style></svg>",
  "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=top.__pwned('math')&gt;\"></table></mtext></math>",
  "<iframe src=\"javascript:top.__pwned('iframe')\"></iframe><iframe srcdoc=\"<script>top.__pwned('srcdoc')</script>\"></iframe>",
  '<object data="javascript:top.__pwned(\'object\')"></object><embed src="https://evil.example/embed.swf">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/refresh"><base href="https://evil.example/">',
  '<link rel="stylesheet" href="https://evil.example/style.css"><link rel="prefetch" href="https://evil.example/prefetch"><style>@import "https://evil.example/import.css";body{background:url(https://evil.example/bg.png)}</style>',
  '<img src="https://evil.example/pixel.png"><video src="https://evil.example/v.mp4" autoplay></video><audio src="https://evil.example/a.mp3" autoplay></audio><p style="background:url(https://evil.example/inline.png)">pixel</p>',
  '<form action="https://evil.example/form"><input autofocus onfocus="top.__pwned(\'focus\')"><button>Send</button></form>',
  "<details open ontoggle=\"top.__pwned('toggle')\"><summary>open</summary></details><body onload=\"top.__pwned('body')\">",
  '<a id="script-link" href="javascript:top.__pwned(\'link\')">run</a> <a id="top-link" href="https://evil.example/top" target="_top">leave</a> <a id="blank-link" href="https://evil.example/blank" target="_blank">window</a>',
  '<svg><a id="svg-link" xlink:href="https://evil.example/svg" href="https://evil.example/svg2"><text y="20">svg</text></a></svg><map><area href="https://evil.example/area"></map>',
];
