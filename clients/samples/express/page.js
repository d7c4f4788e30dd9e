// The one page of this application.
import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; --paper: light-dark(#f6f5fa, #16151c); --ink: light-dark(#252233, #e8e6f0); --soft: light-dark(#6a6580, #a5a0b8); --accent: light-dark(#5b46b0, #b3a4f5); --on-accent: light-dark(#fff, #1a1430) }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif }
main { max-width: 36rem; margin: 12vh auto 0; padding: 1.25rem }
h1 { font-size: clamp(1.6rem, 6vw, 2.4rem); line-height: 1.2; margin: 0 0 .75rem; overflow-wrap: anywhere }
p { color: var(--soft); margin: 0 0 1.5rem }
button, .button { font: inherit; font-weight: 550; display: inline-block; padding: .5rem 1rem; border: 1px solid var(--accent); border-radius: .6rem; background: var(--accent); color: var(--on-accent); text-decoration: none; cursor: pointer }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }`;
// A page in the Back button's memory shows what it showed. Asking the server again shows the truth.
const script = "addEventListener('pageshow',e=>{if(e.persisted)location.reload()})";

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const encode = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

export function page(res, settings, name, text) {
  // form-action names the hub too: browsers apply it to where a form's redirects lead, and signing out leads there.
  const hub = new URL(settings.issuer).origin;
  res.set('Content-Security-Policy', `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; img-src data:; form-action 'self' ${hub}; base-uri 'none'; frame-ancestors 'none'`);
  res.set('X-Content-Type-Options', 'nosniff');
  const signedIn = name !== undefined;
  res.send(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Express</title><link rel="icon" href="data:,"><style>${style}</style><script>${script}</script></head>
<body><main><h1>${signedIn ? `Hello, ${encode(name)}.` : 'A Node application.'}</h1>
<p>${text ?? 'It knows nothing of the hub but its address.'}</p>
${signedIn ? '<form method="post" action="/sign-out"><button id="sign-out">Sign out</button></form>' : '<a class="button" id="sign-in" href="/sign-in">Sign in</a>'}
</main></body></html>`);
}
