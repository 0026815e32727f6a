/* One slide at a time: by the keyboard, a remote, the mouse or a finger; the address says which. */
"use strict";
(() => {
  const { charts, dark, draw } = vitrine;
  const slides = [...document.querySelectorAll(".slide")];
  // Words of charts are written for a desk; here they are read from the back of a room.
  const LARGER = 1.7;
  const config = { displayModeBar: false, staticPlot: true };

  const onScreen = () =>
    draw(dark.matches ? "dark" : "light", config, (plot, { height }) => {
      const box = plot.closest(".window").getBoundingClientRect();
      const larger = Math.min((LARGER * innerHeight) / 1080, box.height / height);
      Object.assign(plot.style, {
        width: `${box.width / larger}px`,
        height: `${box.height / larger}px`,
        transform: `scale(${larger})`,
      });
      return { autosize: false, width: box.width / larger, height: box.height / larger };
    });

  let current = -1;
  // Who shows these slides in a page of theirs is told which, and when to take them away.
  const tell = (message) => parent !== self && parent.postMessage(message, "*");
  const show = (number) => {
    const next = Math.max(0, Math.min(slides.length - 1, number));
    if (next === current) return;
    current = next;
    slides.forEach((slide, place) => {
      slide.classList.toggle("shown", place === current);
      slide.ariaHidden = place !== current;
    });
    if (parent === self) history.replaceState(null, "", `#${current + 1}`);
    tell({ slide: current + 1 });
  };
  const keys = {
    ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, Enter: 1, n: 1,
    ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Backspace: -1, p: -1,
    Home: -Infinity, End: Infinity,
  };
  const press = (key) => {
    if (key === "Escape") tell({ leave: true });
    if (key === "f") document.documentElement.requestFullscreen?.().catch(() => {});
    if (key in keys) show(current + keys[key]);
    return key in keys;
  };
  addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && press(event.key)) event.preventDefault();
  });
  addEventListener("message", ({ data }) => typeof data?.key === "string" && press(data.key));
  addEventListener("click", ({ clientX }) => show(current + (clientX < innerWidth / 3 ? -1 : 1)));
  let from = null;
  addEventListener("touchstart", ({ touches }) => { from = touches[0].clientX; }, { passive: true });
  addEventListener("touchend", ({ changedTouches }) => {
    const way = changedTouches[0].clientX - from;
    if (Math.abs(way) > 40) show(current + (way < 0 ? 1 : -1));
  });
  const asked = () => Number(location.hash.slice(1)) || Number(document.body.dataset.start) || 1;
  addEventListener("hashchange", () => show(asked() - 1));
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(onScreen, 150);
  });
  dark.addEventListener("change", onScreen);
  show(asked() - 1);
  onScreen().then(() => {
    document.documentElement.dataset.drawn = charts.length;
  });
})();
