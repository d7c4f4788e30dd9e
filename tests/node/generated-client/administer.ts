// A program that knows the API by its description alone: every path, parameter and member below is checked by the
// compiler against the types that openapi-typescript made of it.
import createClient from 'openapi-fetch';
import type { paths } from './api.js';

const { HUB, TOKEN, SEARCH } = process.env;
const api = createClient<paths>({ baseUrl: HUB, headers: { Authorization: `Bearer ${TOKEN}` } });

const found = await api.GET('/api/v1/people', { params: { query: { search: SEARCH } } });
const person = expect(found).items[0];
const sessions = expect(await api.GET('/api/v1/people/{person}/sessions', { params: { path: { person: person.id } } })).items;
const ended = expect(
  await api.POST('/api/v1/people/{person}/end-all', { params: { path: { person: person.id }, header: { 'Idempotency-Key': 'case-4711' } } }),
);
const left = expect(await api.GET('/api/v1/people/{person}/sessions', { params: { path: { person: person.id } } })).items;
console.log(JSON.stringify({ person: person.id, sessions: sessions.length, ended: ended.sessions, left: left.length }));

function expect<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}
