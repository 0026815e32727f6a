/* Draws the charts in the colours of the screen, and anew in those of paper before a print. */
"use strict";
(() => {
  const { charts, dark, draw } = vitrine;
  const touch = matchMedia("(pointer: coarse)");
  // Between the margins of A4; the column of the page is as wide.
  const PAPER_WIDTH = 680;
  const config = {
    displaylogo: false,
    responsive: true,
    modeBarButtons: [["toImage"]],
    toImageButtonOptions: { scale: 2 },
  };

  /* Words of a chart that is drawn smaller, to fit a page, stay larger, as far as they have room. */
  const legible = (plot, { annotations = [] }) => {
    const fit = Math.max(Number(plot.closest(".chart").style.getPropertyValue("--fit")), 0.87);
    return annotations.map((note) => (note.font ? { ...note, font: { ...note.font, size: note.font.size / fit } } : note));
  };

  const drawIn = (scheme, width) =>
    draw(scheme, config, (plot, layout) => ({
      ...(width ? { width, autosize: false, annotations: legible(plot, layout) } : { autosize: true }),
      // A finger that scrolls the page must not be caught by a chart.
      ...(touch.matches ? { dragmode: false } : {}),
    }));

  const onScreen = () => drawIn(dark.matches ? "dark" : "light");
  dark.addEventListener("change", onScreen);
  addEventListener("beforeprint", () => drawIn("light", PAPER_WIDTH));
  addEventListener("afterprint", onScreen);
  onScreen().then(() => {
    document.documentElement.dataset.drawn = charts.length;
  });
})();
