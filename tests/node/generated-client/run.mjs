// Reads {hub, clientId, clientSecret, search}; makes a client of the hub's own description of its API, compiles
// administer.ts against it, runs it, and prints what it printed.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const here = fileURLToPath(new URL('.', import.meta.url));
const { hub, clientId, clientSecret, search } = JSON.parse(await new Response(process.stdin).text());
// Inside this folder, so that what it imports is found.
const folder = mkdtempSync(join(here, 'made-'));
try {
  const description = await (await fetch(new URL('/api/v1/openapi.json', hub))).text();
  writeFileSync(join(folder, 'api.d.ts'), astToString(await openapiTS(description)));
  copyFileSync(join(here, 'administer.ts'), join(folder, 'administer.ts'));
  const compiler = join(here, '..', 'node_modules', 'typescript', 'bin', 'tsc');
  run(compiler, '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node', join(folder, 'administer.ts'));
  process.stdout.write(run(join(folder, 'administer.js'), { HUB: new URL(hub).origin, TOKEN: await token(), SEARCH: search }));
} finally {
  rmSync(folder, { recursive: true });
}

function run(program, ...rest) {
  const env = typeof rest.at(-1) === 'object' ? rest.pop() : {};
  try {
    return execFileSync(process.execPath, [program, ...rest], { env: { ...process.env, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (failure) {
    throw new Error(`${program} failed: ${failure.stdout}`, { cause: failure });
  }
}

async function token() {
  const answer = await fetch(new URL('/token', hub), {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'hub.people.read hub.sessions.end' }),
  });
  const json = await answer.json();
  if (!answer.ok) {
    throw new Error(`/token answered ${answer.status} ${JSON.stringify(json)}`);
  }
  return json.access_token;
}
