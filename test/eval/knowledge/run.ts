// How well the documentation is searched without a model: for each sentence, whether the page of its command comes first, or among five.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { KnowledgeIndex } from '../../../service/knowledge/knowledgeIndex.ts';
import { search } from '../../../service/knowledge/search.ts';
import { dataFolders, findSources, readSource, type Source } from '../../../service/knowledge/sources.ts';
import { loadSentences, type Sentence } from './tldr.ts';

const places = 5;

type Options = {
    /** A checkout of tldr-pages. */
    tldr: string;
    /** A folder with man/man1 and so on; those of this computer by default. */
    share: string | undefined;
    isHeldOut: boolean;
    showsFailures: boolean;
};

export async function evaluateKnowledge({ tldr, share, isHeldOut, showsFailures }: Options): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'reeve-eval-'));
    try {
        const sources = (
            await findSources(new AbortController().signal, share === undefined ? dataFolders() : [share])
        ).filter(({ kind }) => kind === 'manual');
        using index = KnowledgeIndex.open(folder);
        const started = performance.now();
        await index.update(sources, { signal: new AbortController().signal });
        console.log(`${index.pages} pages, indexed in ${((performance.now() - started) / 1000).toFixed(1)} s`);
        const { names, plain } = await readNames(sources);
        const { tuned, heldOut } = loadSentences(tldr, new Set(names.keys()));
        const sentences = isHeldOut ? heldOut : tuned;
        console.log(
            `${sentences.length} sentences about ${new Set(sentences.map(({ command }) => command)).size} commands, ${isHeldOut ? 'held out' : 'tuned on'}`,
        );
        const pathsOf = (command: string) => names.get(command) ?? new Set<string>();
        const rankIn = (paths: readonly string[], { command }: Sentence) =>
            paths.findIndex(path => pathsOf(command).has(path));
        console.log(`${''.padEnd(12)}R@1    R@5    MRR    median    95 of 100`);
        console.log(score('plain FTS5', sentences, sentence => rankIn(plain(sentence.text), sentence)));
        console.log(
            score('Reeve', sentences, sentence => {
                const hits = search(index, sentence.text, places);
                const rank = rankIn(
                    hits.map(({ path }) => path),
                    sentence,
                );
                if (showsFailures && !isHeldOut && rank !== 0)
                    console.log(
                        `${sentence.command}: ${sentence.text}\n    ${hits.map(({ title }) => title).join(', ')}`,
                    );
                return rank;
            }),
        );
    } finally {
        await rm(folder, { recursive: true });
    }
}

/** The files of each command; and the search to compare with: any of the words, anywhere on a page, by bm25 alone. */
async function readNames(sources: readonly Source[]) {
    const names = new Map<string, Set<string>>();
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE VIRTUAL TABLE plain USING fts5 (path UNINDEXED, text); BEGIN');
    const insert = database.prepare('INSERT INTO plain (path, text) VALUES (?, ?)');
    for (const source of sources) {
        const page = await readSource(source);
        if (page === null) continue;
        for (const name of page.names)
            names.set(name.toLowerCase(), (names.get(name.toLowerCase()) ?? new Set()).add(source.path));
        const text = page.sections.flatMap(({ heading, paragraphs }) => [heading, ...paragraphs]);
        insert.run(source.path, [page.title, page.names.join(' '), page.summary, ...text].join('\n'));
    }
    database.exec('COMMIT');
    const select = database.prepare('SELECT path FROM plain WHERE plain MATCH ? ORDER BY bm25(plain) LIMIT ?');
    const plain = (text: string) => {
        const words = text.match(/[\p{Letter}\p{Number}]+/gu) ?? [];
        if (words.length === 0) return [];
        return select.all(words.map(word => `"${word}"`).join(' OR '), places).map(({ path }) => String(path));
    };
    return { names, plain };
}

/** @param rank the place of the right page from 0; less where it is not among them */
function score(name: string, sentences: readonly Sentence[], rank: (sentence: Sentence) => number): string {
    const times: number[] = [];
    let [first, among, reciprocal] = [0, 0, 0];
    for (const sentence of sentences) {
        const begun = performance.now();
        const place = rank(sentence);
        times.push(performance.now() - begun);
        if (place === 0) first += 1;
        if (place >= 0) among += 1;
        if (place >= 0) reciprocal += 1 / (place + 1);
    }
    times.sort((one, other) => one - other);
    const at = (part: number) => `${(times[Math.floor(times.length * part)] ?? 0).toFixed(1)} ms`;
    const share = (count: number) => (count / sentences.length).toFixed(3);
    return `${name.padEnd(12)}${[first, among, reciprocal].map(share).join('  ')}  ${at(0.5).padEnd(10)}${at(0.95)}`;
}
