/** Finds the pages that a question is about, each with the passage that fits best. */
import { passageRows, passagesPerPage, type KnowledgeIndex } from './knowledgeIndex.ts';
import type { SourceKind } from './sources.ts';
import { anyOf, wordsOf } from './words.ts';

export type Hit = {
    /** Rows of the page and of the passage in the index. */
    id: number;
    row: number;
    title: string;
    summary: string;
    kind: SourceKind;
    path: string;
    /** Of the section that the passage is in; empty for the page's summary. */
    heading: string;
    text: string;
    score: number;
};

/**
 * What the score of a page is made of, tuned on one half of the sentences of `npm run eval -- --knowledge`. Names, summary, headings and body
 * count in this order; the summary once more by itself; and the best passage.
 */
const fields = '6.0, 6.0, 1.5, 1.0';
const onlySummary = '0.0, 1.0, 0.0, 0.0';
const share = { page: 0.6, summary: 0.3, passage: 0.4 };
/** People ask for commands and for what the desktop can do more often than for files and conventions. */
const bonus = { ofCommand: 2.5, named: 2 };
const candidates = { pages: 100, passages: 300 };
/** The name of a command that is on more than this share of all pages is an ordinary word, too: make, find, time. */
const common = 0.15;

const sql = {
    frequency: 'SELECT count(*) AS count FROM page_text WHERE page_text MATCH ?',
    isName: 'SELECT 1 FROM name WHERE name = ? AND page = ?',
    inPassage: 'SELECT 1 FROM passage WHERE passage MATCH ? AND rowid = ?',
};

/** What a page has of the words of a question, its name and summary alone, and these with the passage; as shares of how much the words say. */
export type Coverage = { page: number; subject: number; passage: number; isNamed: boolean; namesOther: boolean };

export function coverage({ connection }: KnowledgeIndex, question: string, { id, row }: Hit): Coverage {
    const words = wordsOf(question);
    const all = Number(connection.prepare('SELECT count(*) AS count FROM page').get()?.count);
    const frequency = connection.prepare(sql.frequency);
    const onPage = connection.prepare('SELECT 1 FROM page_text WHERE page_text MATCH ? AND rowid = ?');
    const inPassage = connection.prepare(sql.inPassage);
    const isName = connection.prepare(sql.isName);
    const isAnyName = connection.prepare('SELECT 1 FROM name WHERE name = ?');
    const found = { total: 0, page: 0, subject: 0, passage: 0, isNamed: false, namesOther: false };
    for (const word of words) {
        const query = anyOf([word]);
        const pages = Number(frequency.get(query)?.count);
        // As bm25 weighs it.
        const weight = Math.log((all - pages + 0.5) / (pages + 0.5) + 1);
        found.total += weight;
        if (onPage.get(query, BigInt(id)) !== undefined) found.page += weight;
        const isOfSubject = onPage.get(`{names summary} : ${query}`, BigInt(id)) !== undefined;
        if (isOfSubject) found.subject += weight;
        const isSaid = inPassage.get(anyOf([word, ...meanings(word, words)]), BigInt(row)) !== undefined;
        if (isOfSubject || isSaid) found.passage += weight;
        if (pages > common * all) continue;
        const isOurs = isName.get(word, id) !== undefined;
        found.isNamed ||= isOurs;
        found.namesOther ||= !isOurs && isAnyName.get(word) !== undefined;
    }
    const share = (part: number) => part / found.total;
    return {
        page: share(found.page),
        subject: share(found.subject),
        passage: share(found.passage),
        isNamed: found.isNamed,
        namesOther: found.namesOther,
    };
}

/**
 * Whether a passage is clearly about a question: no word is missing from the page, the passage has most of what its subject leaves, and
 * the subject is most of the question. Common words are on many pages, so a single one says too little, unless it is the name of a command. Of a question
 * that names another command, this page is not.
 */
export function isClear(index: KnowledgeIndex, question: string, hit: Hit): boolean {
    const { page, subject, passage, isNamed, namesOther } = coverage(index, question, hit);
    if (isNameAlone(index, question, hit)) return true;
    if (page < 0.99 || passage < 0.75) return false;
    return isNamed || (!namesOther && subject >= 0.6 && wordsOf(question).length > 1);
}

/** A mode such as 755 is explained for all modes at once. */
const meanings = (word: string, words: readonly string[]) =>
    /^[0-7]{3,4}$/.test(word) && words.some(other => /^(?:chmod|umask|modes?|permissions?)$/.test(other))
        ? ['octal', 'numeric']
        : [word];

/** “What is systemd”: the page of that name, however common the word is elsewhere. */
function isNameAlone({ connection }: KnowledgeIndex, question: string, { id }: Hit): boolean {
    const [name, ...others] = wordsOf(question);
    return (
        name !== undefined && others.length === 0 && connection.prepare(sql.isName).get(name, BigInt(id)) !== undefined
    );
}

/** Whether a page may be about a question: it has most of what the words say, and its name or summary a part of that; of a single word, its name. */
export function isNear(index: KnowledgeIndex, question: string, hit: Hit): boolean {
    const [word = '', ...others] = wordsOf(question);
    if (others.length === 0 && !hit.title.toLowerCase().includes(word)) return false;
    const { page, subject } = coverage(index, question, hit);
    return page >= 0.55 && subject >= 0.25;
}

/** @param limit how many pages */
export function search({ connection }: KnowledgeIndex, question: string, limit: number): Hit[] {
    const words = wordsOf(question);
    if (words.length === 0) return [];
    const query = anyOf(words);
    const isName = connection.prepare(sql.isName);
    const scores = new Map<number, number>();
    const page = connection.prepare('SELECT title, summary, kind, path FROM page WHERE id = ?');
    const pages = connection.prepare(
        `SELECT rowid AS id, ${-share.page} * bm25(page_text, ${fields}) - ${share.summary} * bm25(page_text, ${onlySummary}) AS score
            FROM page_text WHERE page_text MATCH ? ORDER BY score DESC LIMIT ?`,
    );
    for (const { id = null, score } of pages.all(query, candidates.pages)) {
        const { kind, title } = page.get(id) ?? {};
        const isOfCommand = kind === 'help' || /\([18][a-z]*\)$/.test(String(title));
        const isNamed = words.some(word => isName.get(word, id) !== undefined);
        scores.set(Number(id), Number(score) + (isOfCommand ? bonus.ofCommand : 0) + (isNamed ? bonus.named : 0));
    }
    const best = new Map<number, number>();
    const passages = connection.prepare(
        'SELECT rowid AS row, -bm25(passage) AS score FROM passage WHERE passage MATCH ? ORDER BY score DESC LIMIT ?',
    );
    for (const { row, score } of passages.all(query, candidates.passages)) {
        const id = Math.floor(Number(row) / passagesPerPage);
        if (!best.has(id)) best.set(id, Number(score));
    }
    for (const [id, score] of best) if (scores.has(id)) scores.set(id, (scores.get(id) ?? 0) + share.passage * score);
    const inPassage = connection.prepare(sql.inPassage);
    const bestPassage = connection.prepare(
        'SELECT rowid AS row FROM passage WHERE passage MATCH ? AND rowid BETWEEN ? AND ? ORDER BY bm25(passage) LIMIT 1',
    );
    return [...scores]
        .sort(([, a], [, b]) => b - a)
        .slice(0, limit)
        .flatMap(([id, score]) => hit(id, score));

    function hit(id: number, score: number): Hit[] {
        const found = page.get(id);
        if (found === undefined) return [];
        const row = quotedPassage(id);
        const passage = connection.prepare('SELECT heading, text FROM passage WHERE rowid = ?').get(row);
        return [
            {
                id,
                row,
                title: String(found.title),
                summary: String(found.summary),
                kind: found.kind as SourceKind,
                path: String(found.path),
                heading: String(passage?.heading ?? ''),
                text: String(passage?.text ?? found.summary),
                score,
            },
        ];
    }

    /** The passage that has most of what the page's names leave of the question: the first one, its summary, if that has all of it. */
    function quotedPassage(id: number): number {
        const summary = id * passagesPerPage;
        const rest = words.filter(word => isName.get(word, id) === undefined).flatMap(word => meanings(word, words));
        const isWhole = rest.every(word => inPassage.get(anyOf([word]), BigInt(summary)) !== undefined);
        if (isWhole) return summary;
        const [first, last] = passageRows(id);
        return Number(bestPassage.get(anyOf(rest), first + 1n, last)?.row ?? summary);
    }
}
