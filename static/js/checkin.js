/* The welcome desk on a telephone: taps are kept here until the portal has them. Without this file,
   each button is a form. */
"use strict";
(() => {
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const { sync, half, worker, event } = desk.dataset;
  const token = desk.querySelector("[name=csrfmiddlewaretoken]").value;
  const lines = [...desk.querySelectorAll("[data-person]")];
  const store = `arrivees-${event}`;
  const EVERY = 10_000;
  let server = new Set(lines.filter((line) => line.dataset.here === "1").map((line) => line.dataset.person));
  let busy = false;
  let told = false;
  let signedOut = false;

  /* -- what waits to be sent ----------------------------------------------------------------- */
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(store)) || [];
    } catch {
      return [];
    }
  };
  const write = (taps) => localStorage.setItem(store, JSON.stringify(taps));

  /* -- what is shown: what the portal says, and over it what waits --------------------------- */
  const show = () => {
    const here = new Set(server);
    const queue = read();
    queue
      .filter((tap) => tap.half === half)
      .sort((a, b) => a.at.localeCompare(b.at))
      .forEach((tap) => (tap.here ? here.add(tap.person) : here.delete(tap.person)));
    lines.forEach((line) => {
      const is = here.has(line.dataset.person);
      line.dataset.here = is ? "1" : "0";
      line.querySelector("button").textContent = is ? "Annuler" : "Arrivé·e";
      line.querySelector("button").setAttribute("aria-label", `${is ? "Annuler l’arrivée" : "Arrivé·e"} : ${line.dataset.name}`);
      line.querySelector("[name=here]").value = is ? "0" : "1";
      line.querySelector("[data-mark]").hidden = !is;
    });
    desk.querySelector("[data-count]").textContent = String(lines.filter((line) => line.dataset.here === "1").length);
    tell(queue.length);
  };
  const tell = (waiting) => {
    const banner = desk.querySelector("[data-offline]");
    const lost = !navigator.onLine || failed;
    banner.hidden = !lost && !waiting && !signedOut;
    if (banner.hidden) return;
    const state = signedOut ? "Vous n’êtes plus connecté·e : reconnectez-vous pour envoyer" : lost ? "Hors connexion" : "Envoi en cours";
    banner.querySelector("[data-text]").textContent = `${state}, ${waiting} à envoyer`;
    banner.querySelector("a").hidden = !signedOut;
  };
  let failed = false;

  /* -- sending: the whole queue, as often as needed; the portal counts each tap once ---------- */
  const send = async () => {
    if (busy) return;
    busy = true;
    const taps = read();
    try {
      const answer = await fetch(sync, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ sent_at: new Date().toISOString(), taps }),
        redirect: "manual",
      });
      signedOut = answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404;
      failed = !signedOut && !answer.ok;
      if (answer.ok) {
        const state = await answer.json();
        const sent = new Set(taps.map((tap) => JSON.stringify(tap)));
        write(read().filter((tap) => !sent.has(JSON.stringify(tap))));
        if (state.half === half) server = new Set(state.here.map(String));
        localStorage.setItem(`${store}-${half}`, JSON.stringify([...server]));
        told = true;
        desk.querySelector("[data-changed]").hidden = state.listed === Number(desk.dataset.listed);
      }
    } catch {
      failed = true;
      /* A page kept on the telephone is older than what the portal told it last. */
      const known = localStorage.getItem(`${store}-${half}`);
      if (!told && known) server = new Set(JSON.parse(known));
    }
    busy = false;
    show();
    /* Tapped while the last ones were on their way. */
    if (!failed && !signedOut && read().length) send();
  };
  const tap = (line, here) => {
    write([...read(), { person: line.dataset.person, half, here, at: new Date().toISOString() }]);
    show();
    send();
  };
  desk.addEventListener("submit", (submitted) => {
    const line = submitted.target.closest("[data-person]");
    if (!line) return;
    submitted.preventDefault();
    tap(line, line.dataset.here !== "1");
  });

  /* -- searching among what is there: no network needed -------------------------------------- */
  const field = desk.querySelector("[type=search]");
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let left = 0;
    lines.forEach((line) => {
      line.hidden = !words.every((word) => line.dataset.search.includes(word));
      left += line.hidden ? 0 : 1;
    });
    desk.querySelector("[data-nobody]").hidden = left > 0;
  });
  field.closest("form").addEventListener("submit", (submitted) => submitted.preventDefault());

  /* -- scanning badges, where the browser can ------------------------------------------------- */
  const dialog = document.getElementById("scan");
  const opener = desk.querySelector("[data-scan]");
  if ("BarcodeDetector" in window && navigator.mediaDevices) {
    opener.hidden = false;
    const video = dialog.querySelector("video");
    const said = dialog.querySelector("[data-said]");
    let last = "";
    const look = async (detector) => {
      if (!dialog.open) return;
      try {
        const [code] = await detector.detect(video);
        if (code && code.rawValue !== last) {
          last = code.rawValue;
          const line = lines.find((candidate) => candidate.dataset.badge === last);
          if (line && line.dataset.here !== "1") tap(line, true);
          said.textContent = line ? `${line.dataset.name} : arrivé·e` : "Ce badge n’est pas celui d’une personne attendue.";
        }
      } catch {
        /* a frame that cannot be read: the next one will */
      }
      setTimeout(() => look(detector), 250);
    };
    opener.addEventListener("click", async () => {
      said.textContent = "Placez le badge devant l’appareil.";
      dialog.showModal();
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        if (!dialog.open) {
          stream.getTracks().forEach((track) => track.stop()); /* closed before the camera was there */
          return;
        }
        video.srcObject = stream;
        await video.play();
        look(new window.BarcodeDetector({ formats: ["qr_code"] }));
      } catch {
        said.textContent = "L’appareil photo n’est pas accessible : cherchez la personne par son nom.";
      }
    });
    dialog.addEventListener("close", () => {
      last = "";
      video.srcObject?.getTracks().forEach((track) => track.stop());
      video.srcObject = null;
    });
  }

  /* -- the page itself, kept for when it is opened again out of reach ------------------------- */
  if (navigator.serviceWorker) {
    navigator.serviceWorker.addEventListener("message", (event) => {
      if (event.data?.kept) desk.dataset.kept = "1"; /* from now on it opens without network */
    });
    navigator.serviceWorker
      .register(worker, { scope: worker.replace(/[^/]*$/, "") })
      .then(() => navigator.serviceWorker.ready)
      .then((ready) => {
        const files = performance.getEntriesByType("resource").map((entry) => entry.name);
        const ours = files.filter((name) => name.startsWith(`${location.origin}/static/`));
        ready.active.postMessage({ keep: [location.href, ...new Set(ours)] });
      })
      .catch(() => {});
  }

  window.addEventListener("online", send);
  window.addEventListener("offline", show);
  setInterval(send, EVERY);
  show();
  send();
})();
