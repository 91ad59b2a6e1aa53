// Draws what the server computed: every element with data-drawing names a kind and carries its figures as JSON.
// Nothing here computes an amount; the same figures stand in words or in a table beside each drawing.
"use strict";
(() => {
  const css = getComputedStyle(document.documentElement);
  const tone = (name) => css.getPropertyValue(name).trim();
  const ACCENT = tone("--rw-accent"), LESS = tone("--rw-less"), MORE = tone("--rw-more"), QUIET = tone("--rw-quiet");
  const GRID = tone("--rw-line"), INK = tone("--rw-ink"), SOFT = tone("--rw-soft");
  const SERIES = [ACCENT, LESS, "#7a8f3c", MORE, QUIET];
  const chinese = document.documentElement.lang.startsWith("zh");
  const sign = (fen) => (fen < 0 ? "−" : "");
  const yuan = (fen) => sign(fen) + "¥ " + (Math.abs(fen) / 100).toLocaleString("en-US", { maximumFractionDigits: 0 });
  const SIZES = chinese ? [[1e10, "亿"], [1e6, "万"], [100, ""]] : [[1e11, "bn"], [1e8, "m"], [1e5, "k"], [100, ""]];
  const short = (fen) => {
    const [size, unit] = SIZES.find(([size]) => Math.abs(fen) >= size) ?? [100, ""];
    return sign(fen) + (Math.abs(fen) / size).toLocaleString("en-US", { maximumFractionDigits: 1 }) + (unit && chinese ? " " + unit : unit);
  };
  const family = css.getPropertyValue("--tblr-font-sans-serif").trim() || "sans-serif";
  const text = { fontFamily: family, fontSize: 12, color: INK };
  const base = {
    animation: false,
    textStyle: text,
    grid: { left: 8, right: 24, top: 16, bottom: 8, containLabel: true },
    // Drawn on the canvas: the page's policy allows no inline style, and needs none.
    tooltip: { renderMode: "richText", confine: true, borderWidth: 1, borderColor: GRID, textStyle: text },
  };
  const amountAxis = { type: "value", axisLabel: { formatter: short, hideOverlap: true }, splitLine: { lineStyle: { color: GRID } } };
  const nameWidth = (width) => Math.min(200, width * 0.38);
  const pen = document.createElement("canvas").getContext("2d");
  // A name that breaks over two lines needs a bar's room of its own.
  const roomFor = (names, width) => {
    pen.font = `12px ${family}`;
    const lines = Math.max(1, ...names.map((name) => Math.ceil(pen.measureText(name).width / nameWidth(width))));
    return lines > 1 ? `${names.length * (lines * 15 + 4) + 48}px` : "";
  };
  const nameAxis = (names, width) => ({
    type: "category", inverse: true, data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: GRID } },
    axisLabel: { interval: 0, width: nameWidth(width), overflow: "break", lineHeight: 15 },
  });

  const kinds = {
    // {steps: [{label, amount, total}]}: each step floats between the totals before and after it
    waterfall(data, width) {
      let running = 0;
      const hidden = [], shown = [];
      for (const step of data.steps) {
        const before = step.total ? 0 : running;
        const after = step.total ? step.amount : running + step.amount;
        hidden.push(Math.min(before, after));
        shown.push({
          value: Math.abs(after - before), amount: step.amount,
          itemStyle: { color: step.total ? ACCENT : step.amount < 0 ? LESS : MORE },
          label: { show: true, position: "right", formatter: (step.total || step.amount < 0 ? "" : "+") + short(step.amount), color: INK },
        });
        running = after;
      }
      return {
        ...base,
        grid: { ...base.grid, right: 64 },
        tooltip: { ...base.tooltip, trigger: "axis", formatter: (points) => points[0].name + "\n" + yuan(points[points.length - 1].data.amount) },
        xAxis: amountAxis,
        yAxis: nameAxis(data.steps.map((s) => s.label), width),
        series: [
          { type: "bar", stack: "w", silent: true, itemStyle: { color: "transparent" }, data: hidden },
          { type: "bar", stack: "w", data: shown, barMaxWidth: 18 },
        ],
      };
    },
    // {axis, curves: [{name, points: [[return period, amount]], band: [[return period, low, high]], links: [address]}]}
    exceedance(data) {
      const bands = data.curves.flatMap((c, i) => (c.band ?? []).length < 2 ? [] : [{
        name: c.name, type: "custom", color: SERIES[i % 5], silent: true, data: [0], tooltip: { show: false }, z: 1,
        renderItem: (_, api) => ({
          type: "polygon",
          shape: { points: [...c.band.map(([x, low]) => api.coord([x, low])), ...c.band.map(([x, , high]) => api.coord([x, high])).reverse()] },
          style: { fill: SERIES[i % 5], opacity: 0.14 },
        }),
      }]);
      return {
        ...base, legend: { top: 0, textStyle: text }, grid: { ...base.grid, top: 40, bottom: 40 },
        tooltip: { ...base.tooltip, trigger: "axis", valueFormatter: yuan },
        xAxis: { type: "log", name: data.axis, nameLocation: "middle", nameGap: 28, min: 1, splitLine: { lineStyle: { color: GRID } } },
        yAxis: amountAxis,
        series: [...data.curves.map((c, i) => ({
          name: c.name, type: "line", symbolSize: 7, z: 2,
          data: c.points.map((value, n) => (c.links?.[n] ? { value, link: c.links[n] } : value)), color: SERIES[i % 5],
          symbol: ["circle", "rect", "triangle", "diamond"][i % 4], lineStyle: { type: i % 2 ? "dashed" : "solid" },
        })), ...bands],
      };
    },
    // {bars: [{label, amount}], plain}
    bars(data, width) {
      const formatter = data.plain ? (v) => v.toLocaleString("en-US") : short;
      return {
        ...base, grid: { ...base.grid, right: 64 },
        tooltip: { ...base.tooltip, trigger: "axis", valueFormatter: data.plain ? undefined : yuan },
        xAxis: data.plain ? { type: "value", splitLine: { lineStyle: { color: GRID } } } : amountAxis,
        yAxis: nameAxis(data.bars.map((b) => b.label), width),
        series: [{
          type: "bar", data: data.bars.map((b) => b.amount), color: ACCENT, barMaxWidth: 18,
          label: { show: true, position: "right", formatter: (p) => formatter(p.value), color: INK },
        }],
      };
    },
    // {shares: [{label, amount}]}
    shares(data, width) {
      const narrow = width < 480;
      return {
        ...base, tooltip: { ...base.tooltip, trigger: "item", formatter: (p) => p.name + "\n" + p.percent + " %" },
        series: [{
          type: "pie", radius: narrow ? ["40%", "60%"] : ["52%", "76%"], startAngle: 90, itemStyle: { borderColor: "#fff", borderWidth: 2 },
          data: data.shares.map((s) => ({ name: s.label, value: s.amount })), color: SERIES,
          label: { formatter: "{b}\n{d} %", color: INK, lineHeight: 17, width: 96, overflow: "break", ...(narrow ? { alignTo: "edge", edgeDistance: 2 } : {}) },
        }],
      };
    },
    // {hours: [...], points: [...], waiting: n}: interruption loss by hour
    hours(data) {
      return {
        ...base, tooltip: { ...base.tooltip, trigger: "axis", valueFormatter: yuan },
        xAxis: { type: "category", data: data.hours, axisTick: { show: false } }, yAxis: amountAxis,
        series: [{ type: "bar", data: data.points.map((v, i) => ({ value: v, itemStyle: { color: i < data.waiting ? QUIET : ACCENT } })), barCategoryGap: "10%" }],
      };
    },
    // {hours: [...], stacks: [{name, amounts, quiet}]}: the same by hour where a part of an hour is kept by the insured
    stackedHours(data) {
      return {
        ...base, legend: { top: 0, textStyle: text }, grid: { ...base.grid, top: 36 },
        tooltip: { ...base.tooltip, trigger: "axis", valueFormatter: yuan },
        xAxis: { type: "category", data: data.hours, axisTick: { show: false } }, yAxis: amountAxis,
        series: data.stacks.map((stack) => ({
          name: stack.name, type: "bar", stack: "all", data: stack.amounts, barCategoryGap: "10%",
          color: stack.quiet ? SOFT : ACCENT,
          itemStyle: stack.quiet ? { decal: { symbol: "rect", symbolSize: 1, rotation: 0.8, color: "rgba(0,0,0,.25)", dashArrayX: [1, 0], dashArrayY: [2, 4] } } : {},
        })),
      };
    },
    // {days: [...], rows: [{name, counts: [...]}]}: how many controls were held, broken, unknown at each look
    standings(data) {
      const tones = [ACCENT, MORE, SOFT];
      return {
        ...base, legend: { top: 0, textStyle: text }, grid: { ...base.grid, top: 40 },
        tooltip: { ...base.tooltip, trigger: "axis" },
        xAxis: { type: "category", data: data.days, axisTick: { show: false } },
        yAxis: { type: "value", minInterval: 1, splitLine: { lineStyle: { color: GRID } } },
        series: data.rows.map((r, i) => ({
          name: r.name, type: "bar", stack: "all", data: r.counts, color: tones[i], barMaxWidth: 44,
          label: { show: true, formatter: (p) => p.value || "", color: i === 2 ? INK : "#fff" },
        })),
      };
    },
    // {times: [..., now], stacks: [{name, counts}], factor: {name, values}}: steps in time, each from its instant on
    posture(data) {
      const steps = (values) => data.times.map((at, i) => [at, values[Math.min(i, values.length - 1)] ?? null]);
      const tones = [MORE, "#c98a3d", "#7a8f3c", SOFT, GRID];
      return {
        ...base, legend: { top: 0, textStyle: text }, grid: { ...base.grid, top: 44 },
        tooltip: { ...base.tooltip, trigger: "axis" },
        xAxis: { type: "time", axisLabel: { hideOverlap: true, formatter: chinese ? "{yyyy}-{MM}" : "{MMM} {yyyy}" } },
        yAxis: [
          { type: "value", minInterval: 1, splitLine: { lineStyle: { color: GRID } } },
          { type: "value", min: 0, splitLine: { show: false } },
        ],
        series: [
          ...data.stacks.map((s, i) => ({
            name: s.name, type: "line", step: "end", stack: "open", symbol: "none", color: tones[i % 5],
            lineStyle: { width: 1 }, areaStyle: { opacity: 0.75 }, data: steps(s.counts),
          })),
          { name: data.factor.name, type: "line", step: "end", yAxisIndex: 1, symbol: "circle", symbolSize: 6, color: INK, lineStyle: { width: 2, type: "dashed" }, data: steps(data.factor.values) },
        ],
      };
    },
  };

  const drawn = new WeakMap();
  window.ringwallDraw = (root) => {
    for (const place of root.querySelectorAll("[data-drawing]")) {
      if (drawn.has(place)) continue;
      const data = JSON.parse(place.dataset.figures), named = data.bars ?? data.steps;
      if (named) place.style.minHeight = roomFor(named.map((each) => each.label), place.clientWidth);
      const chart = echarts.init(place);
      const paint = () => chart.setOption(kinds[place.dataset.drawing](data, place.clientWidth), true);
      paint();
      chart.on("click", (point) => { if (point.data?.link) location.assign(point.data.link); });
      drawn.set(place, chart);
      new ResizeObserver(() => { chart.resize(); paint(); }).observe(place);
    }
  };
})();
