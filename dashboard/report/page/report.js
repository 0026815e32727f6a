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

  const drawIn = (scheme, width) =>
    draw(scheme, config, () => ({
      ...(width ? { width, autosize: false } : { autosize: true }),
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
