// An OpenID provider that is not ours, npm `oidc-provider`, on loopback: everybody signs in with any password.
// PORT is where it listens; CLIENTS is a JSON array of client metadata.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import Provider from "oidc-provider";

const port = Number(process.env.PORT);
const issuer = `http://127.0.0.1:${port}`;
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const provider = new Provider(issuer, {
  clients: JSON.parse(process.env.CLIENTS),
  jwks: { keys: [{ ...key, use: "sig", alg: "RS256" }] },
  cookies: { keys: [randomBytes(32).toString("hex")] },
  claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, name: `Person ${id}`, email: `${id}@example.com` }) }),
  // Its own dispatcher refuses loopback addresses, which is where the applications of a test are.
  fetch: (url, options) => globalThis.fetch(url, { ...options, dispatcher: undefined }),
  features: { backchannelLogout: { enabled: true } },
});
// What it sent, as it sees it.
provider.on("backchannel.success", (_context, client) => console.log(`told ${client.clientId}`));
provider.on("backchannel.error", (_context, error, client) => console.log(`could not tell ${client.clientId}: ${error.message}`));
provider.on("server_error", (_context, error) => console.error(error));

provider.listen(port, "127.0.0.1", () => console.log(`listening on ${issuer}`));
