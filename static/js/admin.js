/* The admin's search fields that complete what one types: each is named by the label of its field. */
"use strict";
addEventListener("load", () => {
  document.querySelectorAll(".select2-container .select2-search__field").forEach((field) => {
    const select = field.closest(".select2-container").previousElementSibling;
    const label = select && document.querySelector(`label[for="${select.id}"]`);
    if (label) field.setAttribute("aria-label", label.textContent.trim());
  });
});
