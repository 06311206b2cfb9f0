/** Numbers of an answer that people would rather see. All words are plain text, and `text` has what is drawn in words. */
export type Figure = Bars | Line;

/** Shares of a whole, from 0 to 1. */
export type Bars = {
    kind: 'bars';
    title: string;
    text: string;
    bars: { label: string; share: number; text: string }[];
};

/** One share after the other, from the oldest to the latest; null where nothing is known. */
export type Line = { kind: 'line'; title: string; text: string; shares: (number | null)[]; begin: string; end: string };
