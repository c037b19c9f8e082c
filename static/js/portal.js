/* Comfort only: every page works without this file. */
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  /* Filters: always open beside the list, closed on a phone. */
  const wide = window.matchMedia("(min-width: 62rem)");
  const layFilters = () => {
    document.querySelectorAll("details.filters").forEach((sheet) => {
      sheet.open = wide.matches;
    });
  };
  layFilters();
  wide.addEventListener("change", layFilters);

  /* Menus close when one looks elsewhere. */
  const closeMenus = (except) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!except || !menu.contains(except)) menu.open = false;
    });
  };
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("focusin", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  /* The summary of a form's errors is read first. */
  const focusSummary = (scope) => scope.querySelector("[data-focus]")?.focus();
  focusSummary(document);

  /* A question before what cannot be undone: <form data-confirm="…">. */
  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  /* <button data-opens="dialog-id">, <button data-closes> */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  });

  /* <button data-copies="id">: copy a text, and say so. */
  document.addEventListener("click", async (event) => {
    const copier = event.target.closest("[data-copies]");
    if (!copier) return;
    await navigator.clipboard.writeText(document.getElementById(copier.dataset.copies).innerText);
    copier.textContent = "Copié";
  });

  /* A passkey that did not answer, or that one gave up. */
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.querySelectorAll("[data-passkey-failure]").forEach((alert) => (alert.hidden = false));
  });

  /* After a swap: the number of results is announced, errors take the focus. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const status = document.getElementById("results-status");
    const count = document.querySelector("#results [data-count]");
    if (status && count) status.textContent = count.textContent;
    focusSummary(event.detail.elt);
  });
})();
