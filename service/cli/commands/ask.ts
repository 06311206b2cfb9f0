import { text as readAll } from 'node:stream/consumers';

import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { CommandError, exit, UsageError, type Run } from '../command.ts';
import { rootPath } from '../../bus/paths.ts';
import { evidenceJson, heading, writeEvidence } from '../describe.ts';
import { onInterrupt } from '../interrupt.ts';
import { MarkdownStream } from '../markdown.ts';
import { evidenceSchema } from '../objects.ts';

const resultsSchema = z.object({
    topic: z.string().default('none'),
    evidence: z.array(evidenceSchema).default([]),
    incidents: z.array(z.string()).default([]),
    suggestions: z.array(z.string()).default([]),
    error: z.string().optional(),
    message: z.string().optional(),
});

export const run: Run = async ({ terminal, json, client }, { operands }) => {
    const question = operands.length > 0 ? operands.join(' ') : await questionFromInput(terminal.isInteractive);
    const service = await client();
    using interrupt = onInterrupt();
    const markdown = new MarkdownStream(terminal);
    const { outcome, results, text } = await service.request(
        rootPath,
        'Assistant.Ask',
        question,
        {},
        {
            chunk: piece => {
                if (!json) terminal.piece(markdown.push(terminal.block(piece)));
            },
            signal: interrupt.signal,
        },
    );
    const { topic, evidence, incidents, suggestions, error, message } = resultsSchema.parse(results);
    if (json) {
        terminal.json({
            question,
            outcome,
            answer: text,
            topic,
            evidence: evidence.map(evidenceJson),
            incidents: incidents.map(path => Number(path.slice(path.lastIndexOf('/') + 1))),
            suggestions,
            ...(error === undefined ? {} : { error, message }),
        });
    } else {
        terminal.line(markdown.end());
        if (evidence.length > 0) {
            terminal.line(heading(terminal, _('Evidence')));
            writeEvidence(terminal, evidence);
        }
    }
    if (outcome === 'cancelled') return exit.interrupted;
    if (outcome === 'success') return topic === 'none' ? exit.notWell : exit.ok;
    if (json) return exit.failed;
    throw new CommandError(exit.failed, error ?? 'Failed', message ?? _('There is no answer.'));
};

/** A question that is piped in is data like any other: the service refuses one that is too long. */
async function questionFromInput(isInteractive: boolean): Promise<string> {
    if (isInteractive) throw new UsageError('ask what? For example: reeve ask "what failed"');
    return (await readAll(process.stdin)).trim();
}
