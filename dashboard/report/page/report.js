/* Draws the charts in the colours of the screen, and anew in those of paper before a print. */
"use strict";
(() => {
  const colours = JSON.parse(document.getElementById("colours").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const touch = matchMedia("(pointer: coarse)");
  // Between the margins of A4; the column of the page is as wide.
  const PAPER_WIDTH = 680;
  const config = {
    displaylogo: false,
    responsive: true,
    modeBarButtons: [["toImage"]],
    toImageButtonOptions: { scale: 2 },
  };
  const charts = [...document.querySelectorAll(".chart")].map((figure) => ({
    plot: figure.querySelector(".plot"),
    written: figure.querySelector("script").textContent,
  }));

  const coloured = (written, scheme) =>
    JSON.parse(
      ["ink", "grid"].reduce(
        (text, token) => text.replaceAll(colours.light[token], colours[scheme][token]),
        written,
      ),
    );

  const draw = (scheme, width) =>
    Promise.all(
      charts.map(({ plot, written }) => {
        const figure = coloured(written, scheme);
        Object.assign(figure.layout, width ? { width, autosize: false } : { autosize: true });
        // A finger that scrolls the page must not be caught by a chart.
        if (touch.matches) figure.layout.dragmode = false;
        return Plotly.react(plot, figure.data, figure.layout, config);
      }),
    );

  const onScreen = () => draw(dark.matches ? "dark" : "light");
  dark.addEventListener("change", onScreen);
  addEventListener("beforeprint", () => draw("light", PAPER_WIDTH));
  addEventListener("afterprint", onScreen);
  onScreen().then(() => {
    document.documentElement.dataset.drawn = charts.length;
  });
})();
