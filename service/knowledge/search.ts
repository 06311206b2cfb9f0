/** Finds the pages that a question is about, each with the passage that fits best. */
import { passagesPerPage, type KnowledgeIndex } from './knowledgeIndex.ts';
import type { SourceKind } from './sources.ts';
import { anyOf, wordsOf } from './words.ts';

export type Hit = {
    title: string;
    summary: string;
    kind: SourceKind;
    path: string;
    /** Of the section that the passage is in; empty for the page's summary. */
    heading: string;
    text: string;
    score: number;
};

/** What each part of a page counts, in the order of the table's columns: names, summary, headings, body. */
const pageWeights = '6.0, 6.0, 1.5, 1.0';
/** Heading, text. */
const passageWeights = '1.0, 1.0';
const passageShare = 0.5;
const candidates = { pages: 100, passages: 300 };

/** @param limit how many pages */
export function search({ connection }: KnowledgeIndex, question: string, limit: number): Hit[] {
    const words = wordsOf(question);
    if (words.length === 0) return [];
    const query = anyOf(words);
    const scores = new Map<number, number>();
    const pages = connection.prepare(
        `SELECT rowid AS id, -bm25(page_text, ${pageWeights}) AS score FROM page_text WHERE page_text MATCH ? ORDER BY score DESC LIMIT ?`,
    );
    for (const { id, score } of pages.all(query, candidates.pages)) scores.set(Number(id), Number(score));
    const best = new Map<number, { row: number; score: number }>();
    const passages = connection.prepare(
        `SELECT rowid AS row, -bm25(passage, ${passageWeights}) AS score FROM passage WHERE passage MATCH ? ORDER BY score DESC LIMIT ?`,
    );
    for (const { row, score } of passages.all(query, candidates.passages)) {
        const id = Math.floor(Number(row) / passagesPerPage);
        if (!best.has(id)) best.set(id, { row: Number(row), score: Number(score) });
    }
    for (const [id, { score }] of best) scores.set(id, (scores.get(id) ?? 0) + passageShare * score);
    return [...scores]
        .sort(([, a], [, b]) => b - a)
        .slice(0, limit)
        .flatMap(([id, score]) => hit(id, score));

    function hit(id: number, score: number): Hit[] {
        const page = connection.prepare('SELECT title, summary, kind, path FROM page WHERE id = ?').get(id);
        if (page === undefined) return [];
        // Where no passage is among the best of all, the best of the page.
        const row = best.get(id)?.row ?? bestPassage(id);
        const passage = connection.prepare('SELECT heading, text FROM passage WHERE rowid = ?').get(row);
        return [
            {
                title: String(page.title),
                summary: String(page.summary),
                kind: page.kind as SourceKind,
                path: String(page.path),
                heading: String(passage?.heading ?? ''),
                text: String(passage?.text ?? page.summary),
                score,
            },
        ];
    }

    function bestPassage(id: number): number {
        const found = connection
            .prepare(
                'SELECT rowid AS row FROM passage WHERE passage MATCH ? AND rowid BETWEEN ? AND ? ORDER BY bm25(passage) LIMIT 1',
            )
            .get(query, id * passagesPerPage, (id + 1) * passagesPerPage - 1);
        return Number(found?.row ?? id * passagesPerPage);
    }
}
