// What an answer draws, in characters: bars, and a line of blocks.
import * as z from 'zod';

import { heading } from './describe.ts';
import type { Terminal } from './terminal.ts';

const common = { title: z.string(), text: z.string() };

/** As results of Request.Finished have it. */
export const figureSchema = z.discriminatedUnion('kind', [
    z.object({
        kind: z.literal('bars'),
        ...common,
        bars: z.array(z.object({ label: z.string(), share: z.number(), text: z.string() })),
    }),
    z.object({ kind: z.literal('line'), ...common, shares: z.array(z.number()), begin: z.string(), end: z.string() }),
]);
export type ReceivedFigure = z.output<typeof figureSchema>;

const blocks = '▁▂▃▄▅▆▇█';
const barWidth = 20;
const longestLabel = 24;

/** @param figure `shares` below 0 are unknown */
export function writeFigure(terminal: Terminal, figure: ReceivedFigure): void {
    terminal.line(heading(terminal, terminal.plain(figure.title, 200)));
    if (figure.kind === 'line') {
        const [begin, end] = [figure.begin, figure.end].map(text => terminal.plain(text, 60));
        terminal.line(`${begin ?? ''} ${terminal.style('code', sparkline(figure.shares))} ${end ?? ''}`);
        return;
    }
    const labels = figure.bars.map(({ label }) => terminal.plain(label, longestLabel));
    const width = Math.max(0, ...labels.map(label => label.length));
    for (const [index, { share, text }] of figure.bars.entries())
        terminal.line(
            `${(labels[index] ?? '').padEnd(width)} ${terminal.style('code', bar(share))} ${terminal.plain(text, 200)}`,
        );
}

export function bar(share: number): string {
    const filled = Math.round(Math.min(1, Math.max(0, share)) * barWidth);
    return '█'.repeat(filled) + '░'.repeat(barWidth - filled);
}

export function sparkline(shares: readonly number[]): string {
    const block = (share: number) => blocks[Math.min(blocks.length - 1, Math.floor(share * blocks.length))] ?? ' ';
    return shares.map(share => (share < 0 ? ' ' : block(share))).join('');
}
