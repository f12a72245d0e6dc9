// What the words of the page mean: the program's own definitions, which come with the page's data.

let known = new Map<string, string>();

export function setDefinitions(definitions: [string, string][]): void {
  known = new Map(definitions);
}

// A sentence; empty: there is none.
export function definitionOf(word: string): string {
  const text = known.get(word);
  return text ? `${text[0].toUpperCase()}${text.slice(1)}.` : "";
}

// "z: how far …" of the words that have a definition.
export function define(...words: string[]): string {
  return words.filter((word) => known.has(word)).map((word) => `${word}: ${known.get(word)}.`).join(" ");
}

// Abbreviations that have a definition: what a sentence explains where it has them.
export function abbreviations(): string[] {
  return [...known.keys()].filter((word) => /^(?:[A-Z]{3,}|S_[a-z]+|2-gram)$/.test(word));
}

export function allDefinitions(): [string, string][] {
  return [...known.keys()].map((word) => [word, definitionOf(word)]);
}
