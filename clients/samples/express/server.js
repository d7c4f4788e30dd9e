// A Node application that signs people in and out through the hub. Everything of the protocol, the back-channel logout
// receiver included, is express-openid-connect's own.
import express from 'express';
import openid from 'express-openid-connect';
import memorystore from 'memorystore';
import { page } from './page.js';

const settings = readSettings(process.env);
const MemoryStore = memorystore(openid.auth);

const app = express();
app.disable('x-powered-by');
app.use(openid.auth({
  issuerBaseURL: settings.issuer,
  baseURL: settings.baseUrl,
  clientID: settings.clientId,
  clientSecret: settings.clientSecret,
  secret: settings.secret,
  authRequired: false,
  idpLogout: true,
  enableTelemetry: false,
  // A session store keeps the tokens out of the cookie, and backchannelLogout notes ended sessions in it.
  // Its own limits, in seconds, are for when nobody signs out: an hour unused, twelve hours in any case.
  session: {
    name: 'express',
    store: new MemoryStore({ checkPeriod: 600_000 }),
    rolling: true,
    rollingDuration: 3_600,
    absoluteDuration: 43_200,
  },
  transactionCookie: { name: 'express_transaction' },
  backchannelLogout: true,
  authorizationParams: { response_type: 'code', scope: 'openid profile email' },
  // The library's own /logout is a GET, which any page could trigger; ours is the form below.
  routes: { login: '/sign-in', logout: false },
  // With a code flow the name is at UserInfo, not in the ID token.
  afterCallback: async (req, _res, session) => ({ ...session, name: (await req.oidc.fetchUserInfo()).name }),
}));

app.use((_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
});

app.get('/', (req, res) => page(res, settings, nameOf(req)));

app.get('/dashboard', openid.requiresAuth(), (req, res) => page(res, settings, nameOf(req), 'Only you can see this page.'));

app.post('/sign-out', (req, res) => {
  const site = req.get('Sec-Fetch-Site');
  const own = site ? site === 'same-origin' : req.get('Origin') === new URL(settings.baseUrl).origin;
  return own ? res.oidc.logout() : res.status(403).send('Signing out was asked for by another origin.');
});

app.get('/me', (req, res) => {
  if (!req.oidc.isAuthenticated()) {
    return res.status(401).json({ error: 'signed_out' });
  }
  const { sub, sid, auth_time } = req.oidc.idTokenClaims;
  return res.json({ sub, sid, name: nameOf(req), auth_time });
});

if (settings.showTokens) {
  app.get('/tokens', (req, res) => (req.oidc.isAuthenticated()
    ? res.json({
      id_token: req.oidc.idToken,
      access_token: req.oidc.accessToken?.access_token,
      refresh_token: req.oidc.refreshToken,
    })
    : res.status(401).json({ error: 'signed_out' })));
}

// A callback that is opened twice or too late, or a provider that cannot be reached: a sentence, not a stack trace.
app.use((error, _req, res, next) => {
  if (res.headersSent) {
    return next(error);
  }
  console.error(`A request failed: ${error.error ?? error.message}`);
  return res.status(error.status ?? 500).send('That did not work. Please go back to the first page and try again.');
});

const server = app.listen(settings.port, 'localhost', (error) => {
  if (error) {
    console.error(error.code === 'EADDRINUSE' ? `Port ${settings.port} is taken; set PORT to another one.` : error.message);
    process.exit(1);
  }
  console.log(`Listening on ${settings.baseUrl}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}

function nameOf(req) {
  return req.oidc.isAuthenticated() ? req.express.name ?? req.oidc.idTokenClaims.sub : undefined;
}

function readSettings(env) {
  const missing = ['ISSUER_BASE_URL', 'CLIENT_ID', 'CLIENT_SECRET', 'SECRET'].filter((name) => !env[name]);
  if (missing.length > 0) {
    console.error(`${missing.join(', ')} must be set in the environment; see README.md.`);
    process.exit(1);
  }
  const port = Number(env.PORT ?? 5005);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    console.error(`PORT is '${env.PORT}'; set it to a number from 1 to 65535.`);
    process.exit(1);
  }
  return {
    port,
    issuer: env.ISSUER_BASE_URL,
    baseUrl: env.BASE_URL ?? `http://localhost:${port}`,
    clientId: env.CLIENT_ID,
    clientSecret: env.CLIENT_SECRET,
    secret: env.SECRET,
    showTokens: env.SHOW_TOKENS === 'true',
  };
}
