/* Buttons above a text: they write the signs, which may be typed as well. Without this file they are
   hidden, and the text is the same. */
"use strict";
(() => {
  /* Typed as by hand, so that « annuler » of the browser takes it back. */
  const type = (area, text) => {
    area.focus();
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    }
  };

  /* Around what is selected; once more takes the signs away. */
  const wrap = (area, sign, empty) => {
    const { selectionStart: start, selectionEnd: end, value } = area;
    const inside = value.slice(start, end) || empty;
    const marked =
      value.slice(start - sign.length, start) === sign && value.slice(end, end + sign.length) === sign;
    if (marked) {
      area.setSelectionRange(start - sign.length, end + sign.length);
      type(area, inside);
      area.setSelectionRange(start - sign.length, start - sign.length + inside.length);
    } else {
      type(area, sign + inside + sign);
      area.setSelectionRange(start + sign.length, start + sign.length + inside.length);
    }
  };

  /* At the beginning of each line that the selection touches; once more takes the sign away. */
  const prefix = (area, sign) => {
    const { value } = area;
    const start = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const after = value.indexOf("\n", Math.max(area.selectionEnd, start));
    const end = after < 0 ? value.length : after;
    const lines = value.slice(start, end).split("\n");
    const all = lines.every((line) => line.startsWith(sign));
    const written = lines.map((line) => (all ? line.slice(sign.length) : sign + line)).join("\n");
    area.setSelectionRange(start, end);
    type(area, written);
    area.setSelectionRange(start, start + written.length);
  };

  const link = (area) => {
    const words = area.value.slice(area.selectionStart, area.selectionEnd) || "mots du lien";
    type(area, `[${words}](https://)`);
    area.setSelectionRange(area.selectionEnd - 1, area.selectionEnd - 1);
  };

  const acts = {
    bold: (area) => wrap(area, "**", "mots en gras"),
    italic: (area) => wrap(area, "*", "mots en italique"),
    heading: (area) => prefix(area, "## "),
    list: (area) => prefix(area, "- "),
    link,
  };
  const keys = { b: "bold", i: "italic", k: "link" };

  /* The file comes with each form that has an editor: the second time there is nothing to do. */
  document.querySelectorAll("[data-editor]:not([data-ready])").forEach((editor) => {
    editor.dataset.ready = "";
    const area = editor.querySelector("textarea");
    editor.addEventListener("click", (event) => {
      const button = event.target.closest("[data-writes]");
      if (button) acts[button.dataset.writes](area);
    });
    area.addEventListener("keydown", (event) => {
      const act = (event.ctrlKey || event.metaKey) && !event.altKey && keys[event.key];
      if (!act) return;
      event.preventDefault();
      acts[act](area);
    });
  });
})();
