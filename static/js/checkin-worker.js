/* Keeps the page of the welcome desk on the telephone for the day: the network first, what was kept
   when there is none. It forgets after twelve hours, and as soon as one is signed out. */
"use strict";
const KEPT = "accueil";
const HOURS = 12;
const MOMENT = "X-Kept-At";

const keep = async (request, answer) => {
  const headers = new Headers(answer.headers);
  headers.set(MOMENT, String(Date.now()));
  const body = await answer.blob();
  const cache = await caches.open(KEPT);
  await cache.put(request, new Response(body, { status: 200, headers }));
};

const kept = async (request) => {
  const found = await caches.match(request, { ignoreVary: true });
  if (!found) return Response.error();
  if (Date.now() - Number(found.headers.get(MOMENT)) > HOURS * 3_600_000) {
    await caches.delete(KEPT);
    return Response.error();
  }
  return found;
};

const answer = async (request) => {
  const page = request.mode === "navigate";
  try {
    const fresh = await fetch(request);
    if (page && (fresh.redirected || fresh.type === "opaqueredirect" || fresh.status === 404)) await caches.delete(KEPT);
    else if (fresh.ok) await keep(request, fresh.clone());
    return fresh;
  } catch {
    return kept(request);
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  const all = (event.data?.keep || []).map(async (address) => {
    const fresh = await fetch(address);
    if (!fresh.ok || fresh.redirected) throw new Error(address);
    await keep(address, fresh);
  });
  const done = Promise.allSettled(all).then((kept) => {
    if (kept.every((one) => one.status === "fulfilled")) event.source.postMessage({ kept: true });
  });
  event.waitUntil(done);
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const here = new URL(request.url).origin === self.location.origin;
  if (request.method === "GET" && here) event.respondWith(answer(request));
});
