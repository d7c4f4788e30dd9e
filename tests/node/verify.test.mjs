import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { verify } from "./verify.mjs";

const event = "http://schemas.openid.net/event/backchannel-logout";
const keys = {};
let server;
let issuer;

before(async () => {
  for (const alg of ["RS256", "ES256"]) keys[alg] = await generateKeyPair(alg);
  keys.foreign = await generateKeyPair("RS256");
  const jwks = { keys: await Promise.all(["RS256", "ES256"].map(async (alg) => ({ ...(await exportJWK(keys[alg].publicKey)), kid: alg, alg, use: "sig" }))) };
  server = createServer((request, response) => {
    const body = request.url === "/jwks" ? jwks : { issuer, jwks_uri: `${issuer}/jwks` };
    response.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  issuer = `http://127.0.0.1:${server.address().port}`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

const now = () => Math.floor(Date.now() / 1000);
const idClaims = () => ({ iss: issuer, aud: "notes", sub: "248289761001", sid: "s1", iat: now(), exp: now() + 300 });
const logoutClaims = () => ({ iss: issuer, aud: "notes", sid: "s1", iat: now(), exp: now() + 120, jti: "j1", events: { [event]: {} } });

const sign = (claims, { alg = "RS256", kid = alg, key = keys[alg].privateKey, typ } = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg, kid, ...(typ && { typ }) }).sign(key);
const check = async (kind, token) => verify({ token: await token, issuer, audience: "notes", kind });
const logout = (change = {}, how = {}) => check("logout_token", sign({ ...logoutClaims(), ...change }, { typ: "logout+jwt", ...how }));
const id = (change = {}, how = {}) => check("id_token", sign({ ...idClaims(), ...change }, how));

for (const alg of ["RS256", "ES256"]) {
  test(`an ID token signed with ${alg} is valid`, async () => {
    const result = await id({}, { alg });
    assert.equal(result.valid, true);
    assert.equal(result.claims.sid, "s1");
  });

  test(`a logout token signed with ${alg} is valid`, async () => {
    const result = await logout({}, { alg });
    assert.equal(result.valid, true);
    assert.equal(result.header.typ, "logout+jwt");
  });
}

const refused = (name, result, reason) =>
  test(`refused: ${name}`, async () => {
    const { valid, reason: given } = await result();
    assert.equal(valid, false);
    assert.match(given, reason);
  });

refused("a foreign key under a published kid", () => id({}, { key: keys.foreign.privateKey }), /SIGNATURE/);
refused("an unpublished kid", () => id({}, { kid: "unknown" }), /NO_MATCHING_KEY/);
refused("alg none", () => check("id_token", new UnsecuredJWT(idClaims()).encode()), /ERR_J/);
refused("another issuer", () => id({ iss: "https://elsewhere.example" }), /iss/);
refused("another audience", () => id({ aud: "bank" }), /aud/);
refused("an expired ID token", () => id({ exp: now() - 60 }), /exp/);
refused("an ID token without sid", () => id({ sid: undefined }), /sid/);
refused("a logout token in the place of an ID token", () => check("id_token", sign({ ...logoutClaims(), sub: "1" }, { typ: "logout+jwt" })), /typ/);
refused("an ID token with events", () => id({ events: {} }), /events/);
refused("an ID token in the place of a logout token", () => check("logout_token", sign(idClaims())), /typ/);
refused("a logout token with nonce", () => logout({ nonce: "n" }), /nonce/);
refused("a logout token without jti", () => logout({ jti: undefined }), /jti/);
refused("a logout token without events", () => logout({ events: {} }), /events/);
refused("a logout token whose event is no object", () => logout({ events: { [event]: true } }), /events/);
refused("a logout token with neither sub nor sid", () => logout({ sid: undefined }), /neither/);
refused("a logout token that lives too long", () => logout({ exp: now() + 121 }), /two minutes/);

test("an unknown kind is the caller's mistake", () =>
  assert.rejects(verify({ token: "x", issuer, audience: "notes", kind: "access_token" }), /kind is access_token/));

test("as a process: JSON in, JSON out", async () => {
  const child = spawn(process.execPath, [new URL("verify.mjs", import.meta.url).pathname], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify({ token: await sign(idClaims()), issuer, audience: "notes", kind: "id_token" }));
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  assert.equal(code, 0);
  assert.equal(JSON.parse(printed).claims.sub, "248289761001");
});
