// Passkeys: making one on the page of the second factor, using one at the second step of signing in. What the server asks
// comes as JSON with bytes in base64url; what the browser answers goes back the same way in a form.
"use strict";
(() => {
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), sign => sign.charCodeAt(0));
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = list => (list || []).map(one => ({ ...one, id: bytes(one.id) }));

  function written(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (credential.response[name]) response[name] = text(credential.response[name]);
    const { id, type } = credential;
    return JSON.stringify({ id, rawId: id, type, response, clientExtensionResults: {} });
  }

  async function make(form) {
    const reply = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const asked = await reply.json();
    if (!reply.ok) throw new Error(asked.error);
    const user = { ...asked.user, id: bytes(asked.user.id) };
    const publicKey = { ...asked, user, challenge: bytes(asked.challenge), excludeCredentials: named(asked.excludeCredentials) };
    return [await navigator.credentials.create({ publicKey }), document.getElementById("passkey-answer")];
  }

  async function use(form) {
    const asked = JSON.parse(form.dataset.options);
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) };
    return [await navigator.credentials.get({ publicKey }), form];
  }

  function prepare(id, act) {
    const form = document.getElementById(id), said = document.getElementById("passkey-said");
    if (!form || !window.PublicKeyCredential) return;
    form.hidden = false;
    const absent = document.getElementById("passkey-absent");
    if (absent) absent.hidden = true;
    form.addEventListener("submit", async event => {
      event.preventDefault();
      said.textContent = "";
      try {
        const [credential, answer] = await act(form);
        answer.elements.credential.value = written(credential);
        answer.submit();
      } catch (error) {
        said.textContent = error instanceof DOMException || error instanceof TypeError ? form.dataset.failed : error.message;
      }
    });
  }
  prepare("passkey-new", make);
  prepare("passkey-use", use);
})();
