// The phrases that two models share, found in two runs: the same words, sentences and search as in the program
// (src/agentecho/metrics/rps/text_scan.cc, find_phrase()).

import { Candidates, LoggedMessage } from "./data";

interface Word {
  text: string; // small ASCII letters, apostrophes straight
  begin: number;
  end: number;
  sentence: number;
}

// One mark at a time: a line's end, a sentence's end, an escaped line's end, a word, or anything else. What is no letter
// beyond ASCII: blanks and punctuation (U+00A0, U+2000 to U+203F), arrows (U+2180 to U+21FF), pictographs.
const kNoLetter = "\\u00a0\\u2000-\\u203f\\u2180-\\u21ff\\u2600-\\u27bf\\ufe00-\\ufe3f\\u{1f000}-\\u{1ffff}";
const kLetter = `(?:[A-Za-z]|(?![${kNoLetter}])[^\\u0000-\\u007f])`;
const kToken = new RegExp(
  `(?<line>[\\n\\u2028\\u2029]|\\\\n)|(?<stop>[!?]|\\.(?![A-Za-z0-9]))|(?<word>(?:${kLetter}|[0-9])(?:${kLetter}|[0-9_]|['\\u2018\\u2019](?=${kLetter}))*)|\\\\[tr]|[^]`, "gu");

function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  let sentence = 0;
  for (const match of text.matchAll(kToken)) {
    const { line, stop, word } = match.groups!;
    if (line || stop) sentence++;
    else if (word) {
      words.push({ text: word.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[\u2018\u2019]/g, "'"),
        begin: match.index, end: match.index + word.length, sentence });
    }
  }
  return words;
}

export interface Place {
  message: number;
  begin: number;
  end: number;
}

class ScannedRun {
  private readonly texts: [number, Word[]][];

  constructor(messages: LoggedMessage[]) {
    this.texts = messages.map((message, m): [number, Word[]] => [m, message.role === "assistant" ? wordsOf(message.text) : []]);
  }

  find(wanted: string[]): Place | null {
    for (const [message, words] of this.texts) {
      for (let i = 0; i + wanted.length <= words.length; i++) {
        const last = words[i + wanted.length - 1];
        if (words[i].sentence === last.sentence && wanted.every((word, k) => words[i + k].text === word)) {
          return { message, begin: words[i].begin, end: last.end };
        }
      }
    }
    return null;
  }
}

export interface PhraseInBoth {
  text: string;
  a: number;
  b: number;
  others: number;
  inA: Place;
  inB: Place;
}

const kMostPhrases = 12;

export function phrasesInBoth(texts: string[], candidates: Candidates, logA: LoggedMessage[], logB: LoggedMessage[]): PhraseInBoth[] {
  const runA = new ScannedRun(logA);
  const runB = new ScannedRun(logB);
  const found: PhraseInBoth[] = [];
  for (let i = 0; i < candidates.text.length && found.length < kMostPhrases; i++) {
    const text = texts[candidates.text[i]];
    const wanted = wordsOf(text).map((word) => word.text);
    const inA = wanted.length > 0 ? runA.find(wanted) : null;
    const inB = inA && runB.find(wanted);
    if (inA && inB) found.push({ text, a: candidates.a[i], b: candidates.b[i], others: candidates.others[i], inA, inB });
  }
  return found;
}
