// Colours that people with any kind of colour vision tell apart: cividis (Nuñez, Anderton and Renslow,
// PLOS ONE 13, 2018) for what goes one way, blue to orange for what goes two.

const kCividis = [[0, 34, 78], [31, 56, 110], [66, 78, 108], [98, 101, 111], [125, 124, 120], [155, 149, 117], [187, 175, 104], [222, 203, 82], [254, 232, 56]];
const kDiverging = [[33, 82, 146], [103, 149, 203], [190, 211, 232], [243, 243, 240], [249, 206, 160], [238, 140, 56], [168, 75, 0]];

function between(stops: number[][], place: number): number[] {
  const at = Math.min(0.9999, Math.max(0, place)) * (stops.length - 1);
  const k = Math.floor(at);
  return stops[k].map((value, i) => Math.round(value + (stops[k + 1][i] - value) * (at - k)));
}

export type Scale = "sequential" | "diverging";

export function colour(scale: Scale, place: number): string {
  const rgb = between(scale === "sequential" ? kCividis : kDiverging, place);
  return `#${rgb.map((v) => v.toString(16).padStart(2, "0")).join("")}`;
}

// Black or white, whichever can be read on it.
export function inkOn(hex: string): string {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#000000" : "#ffffff";
}

export const kBlue = "#2a6fb0";
export const kOrange = "#c8641b";
export const kGrey = "#8a8a8a";
