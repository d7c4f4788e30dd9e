// The browser's side of Tasks. It holds no token, and shows a person's things only while the server says that they are
// signed in: it watches its session, and when that ends, wherever it was ended, the page is empty within a second.
const person = document.getElementById('person');
const main = document.getElementById('main');
let watching;

await show();
// A page in the Back button's memory shows what it showed. Asking the server again shows the truth.
addEventListener('pageshow', (event) => event.persisted && location.reload());

async function show() {
  const answer = await fetch('/me');
  if (answer.status === 401) {
    signedOut('Your tasks, wherever you are.', 'Sign in once and you are signed in here as well.');
    return;
  }
  const me = await answer.json();
  const signOut = element('form', { method: 'post', action: '/sign-out' },
    element('span', { className: 'name' }, me.name), element('button', { id: 'sign-out' }, 'Sign out'));
  person.replaceChildren(signOut);

  const text = element('input', { id: 'text', maxLength: 200, required: true });
  const problem = element('p', { className: 'wrong', role: 'alert' });
  const list = element('div', { id: 'tasks' });
  const form = element('form', { className: 'card' },
    element('label', { htmlFor: 'text' }, 'New task'), text, problem, element('button', { id: 'save' }, 'Save'));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const tasks = await api('POST', { text: text.value });
    if (tasks) {
      text.value = '';
      fill(list, tasks);
    }
  });
  const standing = element('p', { className: 'soft', id: 'standing' });
  main.replaceChildren(element('h1', {}, `Hello, ${me.name}.`), form, list, standing);
  fill(list, await api('GET') ?? []);
  watch();
  standing.textContent = await ask();

  // Through the backend, which adds the token: this page never has one.
  async function ask() {
    const answer = await fetch('/api/standing', { headers: { 'X-Spa': '1' } });
    if (!answer.ok) {
      return answer.status === 502 ? 'The API does not answer.' : '';
    }
    const api = await answer.json();
    return api.sub ? `The API knows you as ${api.sub}.` : api.refused ? `The API refuses the token (${api.refused}).` : '';
  }

  async function api(method, body) {
    const answer = await fetch('/api/tasks', {
      method,
      headers: { 'X-Spa': '1', ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    if (answer.status === 401) {
      ended();
      return undefined;
    }
    problem.textContent = answer.ok ? '' : (await answer.json()).title;
    return answer.ok ? answer.json() : undefined;
  }
}

function watch() {
  watching?.close();
  watching = new EventSource('/session');
  watching.addEventListener('ended', ended);
  // The browser tries again by itself after a broken connection, but not after 401: then the session is over.
  watching.addEventListener('error', () => watching.readyState === EventSource.CLOSED && ended());
}

function ended() {
  watching?.close();
  signedOut('You were signed out', 'Your session was ended. If that was not you, change your password.', 'signed-out');
}

function signedOut(title, text, id = 'welcome') {
  person.replaceChildren(element('a', { className: 'button', id: 'sign-in', href: '/sign-in?returnUrl=/' }, 'Sign in'));
  main.replaceChildren(element('h1', { id }, title), element('p', { className: 'soft' }, text));
}

function fill(list, tasks) {
  list.replaceChildren(...tasks.map((task) => element('article', { className: 'card' }, task)));
}

// Text stays text: nothing here is ever read as HTML.
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
