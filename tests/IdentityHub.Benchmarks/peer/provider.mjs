// The peer of the benchmark: npm `oidc-provider` on loopback, where everybody is who they say they are. Its defaults hold
// but for what stands here, and its pages have the ids of the hub's, so that the same driver signs people in and out at both.
// usage: node provider.mjs PORT CLIENTS, a JSON array of client metadata
import { generateKeyPairSync, randomBytes } from "node:crypto";
import Provider from "oidc-provider";
import MemoryAdapter from "oidc-provider/lib/adapters/memory_adapter.js";

const [port, clients] = process.argv.slice(2);
const key = (type, options) => generateKeyPairSync(type, options).privateKey.export({ format: "jwk" });
// The store of its in-memory adapter keeps a thousand entries, which is what some forty people with five applications
// take: it would have forgotten most of the sessions before their logout. A Map forgets nobody, and costs no more.
const store = new Map();

const provider = new Provider(`http://localhost:${port}`, {
  adapter: (model) => new MemoryAdapter(model, store),
  clients: JSON.parse(clients),
  cookies: { keys: [randomBytes(32).toString("hex")] },
  jwks: {
    keys: [
      { ...key("rsa", { modulusLength: 2048 }), use: "sig", alg: "RS256" },
      { ...key("ec", { namedCurve: "P-256" }), use: "sig", alg: "ES256" },
    ],
  },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  // The applications are those of the house: nobody is asked for consent.
  loadExistingGrant: async ({ oidc }) => {
    const known = oidc.session.grantIdFor(oidc.client.clientId);
    if (known) {
      return provider.Grant.find(known);
    }

    const grant = new provider.Grant({ accountId: oidc.session.accountId, clientId: oidc.client.clientId });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
  // Its own dispatcher refuses loopback addresses, which is where the applications are. The time limit stays: 2.5 s.
  fetch: (url, options) => globalThis.fetch(url, { ...options, dispatcher: undefined }),
  routes: { authorization: "/authorize", end_session: "/end-session" },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      logoutSource: (context, form) => {
        context.body = form.replace("</form>", '<button id="sign-out" name="logout" value="yes">Sign out</button></form>');
      },
    },
  },
});

provider.use(async (context, next) => {
  if (!context.path.startsWith("/interaction/")) {
    await next();
  } else if (context.method === "POST") {
    const form = new URLSearchParams(Buffer.concat(await context.req.toArray()).toString());
    context.status = 303;
    context.redirect(await provider.interactionResult(context.req, context.res, { login: { accountId: form.get("email") } }));
  } else {
    context.body = `<!doctype html><title>Sign in</title><form method="post"><input id="email" name="email"><input id="password" name="password" type="password"><button id="sign-in">Sign in</button></form>`;
  }
});
provider.on("server_error", (_context, error) => console.error(error));
provider.on("backchannel.error", (_context, error, client) => console.error(`could not tell ${client.clientId}: ${error.message}`));

provider.listen(Number(port), "localhost", () => console.log(`listening on ${provider.issuer}`));
