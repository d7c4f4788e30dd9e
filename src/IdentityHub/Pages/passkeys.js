// Passkeys (WebAuthn Level 3). The page holds the question; the answer is sent with its form.

const form = document.querySelector("form[data-passkey]");
const button = form?.querySelector("button[type=submit]");
const trouble = form?.querySelector("[data-passkey-trouble]");
let waiting;

const ceremonies = {
  create: () => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question()), signal: waiting.signal }),
  get: mediation => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question()), mediation, signal: waiting.signal }),
};

const question = () => JSON.parse(form.elements.options.value);

// A browser carries out one ceremony at a time: the one that waits behind the address field gives way to the button.
async function carryOut(mediation) {
  waiting?.abort();
  waiting = new AbortController();
  const credential = await ceremonies[form.dataset.passkey](mediation);
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

if (form && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  form.hidden = false;
  button.hidden = false;
  form.addEventListener("submit", event => {
    event.preventDefault();
    trouble.hidden = true;
    carryOut().catch(() => { trouble.hidden = false; });
  });

  // Passkeys appear among what the browser offers for the address field. Silent when nobody takes one.
  if (form.dataset.passkey === "get" && document.querySelector("input[autocomplete~=webauthn]")) {
    PublicKeyCredential.isConditionalMediationAvailable?.().then(available => available && carryOut("conditional")).catch(() => {});
  }
}
