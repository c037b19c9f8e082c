// The map of streets, for those who ask for it: until then nothing is asked of the tile server.
(function () {
  "use strict";
  const NORTH_WEST = [48.6, -2.8], SOUTH_EAST = [46.2, 0.95];
  const APART = 34;  // pixels
  let map = null;

  function told(places) {
    const list = document.createElement("ul");
    list.className = "streets-teams";
    for (const [, , title, href] of places) {
      const item = list.appendChild(document.createElement("li"));
      const name = item.appendChild(document.createElement(href ? "a" : "span"));
      name.textContent = title;
      if (href) name.href = href;
    }
    return list;
  }

  // Teams too near each other for a finger are one mark, which tells them all.
  function grouped(places) {
    const groups = [];
    for (const place of places) {
      const point = map.project([place[0], place[1]]);
      const near = groups.find((group) => group.point.distanceTo(point) < APART);
      if (near) near.places.push(place);
      else groups.push({ point: point, places: [place] });
    }
    return groups.map((group) => group.places);
  }

  function mark(places) {
    const hollow = places.every((place) => place[4]) ? " hollow" : "";
    const many = places.length > 1;
    return L.marker([places[0][0], places[0][1]], {
      icon: L.divIcon({
        className: "streets-mark" + hollow + (many ? " many" : ""),
        html: many ? String(places.length) : "",
        iconSize: [28, 28],
      }),
      title: places.map((place) => place[2]).join(" – "),
      alt: places.map((place) => place[2]).join(" – "),
      riseOnHover: true,
    }).bindPopup(() => told(places), { maxHeight: 220, closeButton: false });
  }

  function draw(element) {
    const given = JSON.parse(document.getElementById("streets-places").textContent);
    map = L.map(element, { zoomControl: false, maxZoom: 18, minZoom: 6 });
    map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    L.tileLayer(given.tiles, { attribution: given.attribution }).addTo(map);
    const marks = L.layerGroup().addTo(map);
    map.on("zoomend", () => {
      marks.clearLayers();
      for (const places of grouped(given.places)) marks.addLayer(mark(places));
    });
    const seen = given.places.map((place) => [place[0], place[1]]);
    map.fitBounds(seen.length ? seen : [NORTH_WEST, SOUTH_EAST], { padding: [30, 30], maxZoom: 14, animate: false });
  }

  function show(button, shown) {
    const element = document.getElementById("streets");
    button.setAttribute("aria-pressed", String(shown));
    element.hidden = !shown;
    document.getElementById("drawing").hidden = shown;
    if (shown) draw(element);
    else if (map) { map.remove(); map = null; }
  }

  function offer() {
    const button = document.querySelector("[data-streets]");
    if (!button || button.dataset.offered) return;
    button.dataset.offered = "yes";
    button.parentElement.hidden = false;
    const wanted = map !== null;  // the results were swapped while it was shown
    if (map) { map.remove(); map = null; }
    button.addEventListener("click", () => show(button, button.getAttribute("aria-pressed") !== "true"));
    if (wanted) show(button, true);
  }

  document.addEventListener("DOMContentLoaded", offer);
  document.addEventListener("htmx:afterSettle", offer);
})();
