// Verifies an ID token or a logout token against the keys that its issuer publishes, with npm `jose`: an
// implementation that shares no line with the hub. A JSON object {token, issuer, audience, kind} on standard input,
// a JSON object on standard output: {valid: true, header, claims} or {valid: false, reason}.
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { createRemoteJWKSet, jwtVerify } from "jose";

const backChannelLogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

const kinds = {
  // OpenID Connect Core §3.1.3.7.
  id_token: {
    requiredClaims: ["sub", "iat", "exp", "sid"],
    refusal(header, claims) {
      if (header.typ !== undefined && header.typ.toLowerCase() !== "jwt") return `typ is ${header.typ}, so this is no ID token`;
      if ("events" in claims) return "events is present: this may be a logout token";
      if (Array.isArray(claims.aud) && claims.aud.length > 1 && claims.azp === undefined) return "several audiences and no azp";
    },
  },
  // Back-Channel Logout 1.0 §2.4, §2.6, and the two minutes that §4 recommends.
  logout_token: {
    typ: "logout+jwt",
    requiredClaims: ["iat", "exp", "jti", "events"],
    refusal(header, claims) {
      if ("nonce" in claims) return "nonce is present";
      if (claims.sub === undefined && claims.sid === undefined) return "neither sub nor sid";
      const event = claims.events?.[backChannelLogoutEvent];
      if (typeof event !== "object" || event === null || Array.isArray(event)) return "events lacks the back-channel logout event";
      if (claims.exp - claims.iat > 120) return "it lives longer than two minutes";
    },
  },
};

export async function verify({ token, issuer, audience, kind }) {
  const rules = kinds[kind];
  if (rules === undefined) throw new TypeError(`kind is ${kind}; it must be one of ${Object.keys(kinds).join(", ")}`);
  const keys = createRemoteJWKSet(new URL(await jwksUri(issuer)));
  try {
    const { protectedHeader: header, payload: claims } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ["RS256", "ES256"],
      typ: rules.typ,
      requiredClaims: rules.requiredClaims,
    });
    const reason = rules.refusal(header, claims);
    return reason === undefined ? { valid: true, header, claims } : { valid: false, reason };
  } catch (error) {
    if (error.code?.startsWith("ERR_J")) return { valid: false, reason: `${error.code}: ${error.message}` };
    throw error;
  }
}

// OpenID Connect Discovery §4.3: the issuer in the document is the one that was asked.
async function jwksUri(issuer) {
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  const metadata = await answer.json();
  if (metadata.issuer !== issuer) throw new Error(`${address} names the issuer ${metadata.issuer}, not ${issuer}`);
  return metadata.jwks_uri;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(JSON.stringify(await verify(JSON.parse(await text(process.stdin)))));
}
