/**
 * The report's script: sorts the table of trials, shows what a dot or a row stands for, and offers the embedded data as a file.
 * Without it the page says all the same, in the order of the trials.
 */
export const pageScript = `
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const at = Object.fromEntries(data.trials.columns.map((name, i) => [name, i]));
const trials = data.trials.rows;
const value = (trial, key) => key === "accuracy" ? trial[at.measurement]?.accuracy ?? null : trial[at[key]];

const body = document.querySelector("#trials tbody");
const rows = [...body.rows];
const trialOf = new Map(rows.map((row, i) => [row, trials[i]]));
for (const head of document.querySelectorAll("#trials th[data-key]")) {
  const button = document.createElement("button");
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener("click", () => sortBy(head));
}
function sortBy(head) {
  const key = head.dataset.key;
  const first = key === "accuracy" ? "descending" : "ascending";
  const now = head.getAttribute("aria-sort");
  const order = now === null ? first : now === "ascending" ? "descending" : "ascending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", order);
  const sign = order === "ascending" ? 1 : -1;
  const compare = (a, b) => {
    const x = value(trialOf.get(a), key);
    const y = value(trialOf.get(b), key);
    if (x === null || y === null) return (x === null) - (y === null);
    return sign * (typeof x === "string" ? x.localeCompare(y) : x - y);
  };
  body.append(...[...rows].sort(compare));
}

const tip = document.createElement("div");
tip.id = "tip";
tip.hidden = true;
tip.setAttribute("role", "status");
document.body.append(tip);
function show(trial, x, y) {
  const measured = value(trial, "accuracy");
  const number = (name) => trial[at[name]] === null ? null : trial[at[name]].toLocaleString("en-US") + " " + (name === "macs" ? "MACs" : "params");
  const lines = [
    "Trial " + trial[at.trial] + (trial[at.round] > 0 ? ", round " + trial[at.round] : ""),
    measured === null ? trial[at.state] : "accuracy " + (measured * 100).toFixed(2) + "%",
    [number("macs"), number("params")].filter(Boolean).join(", "),
    ...trial[at.arms].map((arm, i) => (data.choices[i]?.name ?? i) + ": " + (data.choices[i]?.arms[arm] ?? arm)),
  ];
  const most = 16;
  const cut = lines.length > most ? [...lines.slice(0, most - 1), "and " + (lines.length - most + 1) + " more"] : lines;
  tip.textContent = cut.filter(Boolean).join("\\n");
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 8)) + "px";
  tip.style.top = Math.max(4, y + 14 + box.height > innerHeight ? y - box.height - 10 : y + 14) + "px";
}
body.addEventListener("pointermove", (event) => {
  const trial = trialOf.get(event.target.closest("tr"));
  if (trial) show(trial, event.clientX, event.clientY);
});
body.addEventListener("pointerleave", () => { tip.hidden = true; });

for (const svg of document.querySelectorAll("svg[data-plot]")) {
  const plot = JSON.parse(svg.dataset.plot);
  const scale = (v, [d0, d1], [r0, r1]) => r0 + ((v - d0) / (d1 - d0)) * (r1 - r0);
  const points = trials
    .filter((trial) => trial[at.role] === "search" && value(trial, "accuracy") !== null && value(trial, plot.x) !== null)
    .map((trial) => [scale(value(trial, plot.x), plot.xd, plot.xr), scale(value(trial, "accuracy"), plot.yd, plot.yr), trial]);
  const cursor = svg.querySelector(".cursor");
  const hide = () => { tip.hidden = true; cursor.replaceChildren(); };
  svg.addEventListener("pointermove", (event) => {
    const here = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    let nearest = null;
    let best = 24;
    for (const point of points) {
      const distance = Math.hypot(point[0] - here.x, point[1] - here.y);
      if (distance < best) [nearest, best] = [point, distance];
    }
    if (nearest === null) return hide();
    const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    ring.setAttribute("cx", nearest[0]);
    ring.setAttribute("cy", nearest[1]);
    ring.setAttribute("r", 7);
    cursor.replaceChildren(ring);
    show(nearest[2], event.clientX, event.clientY);
  });
  svg.addEventListener("pointerleave", hide);
}

const download = document.getElementById("download");
download.hidden = false;
download.addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([document.getElementById("data").textContent], { type: "application/json" }));
  link.download = "report.json";
  link.click();
  URL.revokeObjectURL(link.href);
});
`;
