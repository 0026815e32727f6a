/* Draws the charts of the page in the colours of the light or the dark scheme. */
"use strict";
const vitrine = (() => {
  const colours = JSON.parse(document.getElementById("colours").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
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

  /* Given a chart and its layout, `change` says what of that is otherwise; each may be drawn anew at any time. */
  const draw = (scheme, config, change) =>
    Promise.all(
      charts.map(({ plot, written }) => {
        const figure = coloured(written, scheme);
        Object.assign(figure.layout, change(plot, figure.layout));
        return Plotly.react(plot, figure.data, figure.layout, config);
      }),
    );
  return { charts, dark, draw };
})();
