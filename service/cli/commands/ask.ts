import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';

import * as z from 'zod';

import { citedIn } from '../../assistant/conversation/citations.ts';
import { variant, type Variant } from '../../dbus/connection.ts';
import { rootPath } from '../../util/names.ts';
import { _ } from '../../i18n/i18n.ts';
import { ask as askPerson } from '../asking.ts';
import { incidentNumber, type Arguments, type Context, type Run } from '../command.ts';
import type { Client } from '../client.ts';
import { CommandError, exit, UsageError, type ExitCode } from '../exit.ts';
import type { Terminal } from '../terminal.ts';
import { heading, writeEvidence } from '../describe.ts';
import { figureSchema, writeFigure } from '../figures.ts';
import { onInterrupt } from '../interrupt.ts';
import { evidenceJson } from '../json.ts';
import { MarkdownStream } from '../markdown.ts';
import { evidenceSchema, ownerOf } from '../objects.ts';
import { messageOf } from '../../util/errors.ts';

/** Request.Step. */
const stepSchema = z.object({
    number: z.number(),
    limit: z.number(),
    state: z.number(),
    tool: z.string(),
    title: z.string(),
    touched: z.array(z.string()).default([]),
    output: z.string().default(''),
});
const stepFailed = 2;

export const askResults = z.object({
    topic: z.string().default('none'),
    answerer: z.string().default('built-in'),
    evidence: z.array(evidenceSchema).default([]),
    steps: z.array(stepSchema).default([]),
    incidents: z.array(z.string()).default([]),
    proposals: z.array(z.string()).default([]),
    conversation: z.number().default(0),
    suggestions: z.array(z.string()).default([]),
    figures: z.array(figureSchema).catch([]).default([]),
    choices: z.array(z.string()).default([]),
    error: z.string().optional(),
    message: z.string().optional(),
});

const numberOf = (path: string) => Number(path.slice(path.lastIndexOf('/') + 1));

export const run: Run = async (context, { operands, options }) => {
    const { terminal, json, client } = context;
    const given = await askOptions(options);
    const question = operands.length > 0 ? operands.join(' ') : await questionFromInput(terminal.isInteractive);
    if (options.explain === true) return await explain(await client(), question, terminal, json);
    return await answer(context, question, given);
};

async function answer(context: Context, question: string, given: Record<string, Variant>): Promise<ExitCode> {
    const { terminal, json, client } = context;
    const service = await client();
    using interrupt = onInterrupt();
    const markdown = new MarkdownStream(terminal);
    const { outcome, results, text } = await service.request(rootPath, 'Assistant.Ask', question, given, {
        chunk: piece => {
            if (!json) terminal.piece(markdown.push(terminal.block(piece)));
        },
        step: received => {
            const { data: step } = stepSchema.safeParse(received);
            if (step === undefined || json) return;
            const { number, limit, title, state } = step;
            const shown = terminal.plain(title, 200);
            if (state === 0) terminal.note(_('Looking up {number}/{limit}: {what}', { number, limit, what: shown }));
            else if (state === stepFailed) terminal.note(_('Failed: {what}', { what: shown }));
        },
        signal: interrupt.signal,
    });
    const { topic, answerer, evidence, incidents, suggestions, choices, error, message, ...rest } =
        askResults.parse(results);
    if (json) {
        terminal.json({
            question,
            outcome,
            answer: text,
            answerer,
            topic,
            steps: rest.steps.map(({ number, tool, title, state, touched, output }) => {
                return { number, tool, title, failed: state === stepFailed, touched, output };
            }),
            evidence: evidence.map(evidenceJson),
            incidents: incidents.map(numberOf),
            proposals: rest.proposals.map(numberOf),
            conversation: rest.conversation,
            suggestions,
            figures: rest.figures.map(({ title, text: words }) => ({ title, text: words })),
            choices,
            ...(error === undefined ? {} : { error, message }),
        });
    } else {
        terminal.line(markdown.end());
        for (const figure of rest.figures) writeFigure(terminal, figure);
        const cited = citedIn(text);
        const sources = rest.steps.filter(({ number }) => cited.has(number));
        if (sources.length > 0) terminal.line(heading(terminal, _('Sources')));
        for (const { number, title, touched } of sources) {
            terminal.line(`[${number}] ${terminal.plain(title, 200)}`);
            for (const what of touched) terminal.line(`    ${terminal.plain(what, 200)}`);
        }
        if (evidence.length > 0) {
            terminal.line(heading(terminal, _('Evidence')));
            writeEvidence(terminal, evidence);
        }
        const tasks = rest.proposals.map(path => ownerOf({ path })).filter(name => name.startsWith('t'));
        // Of what is to be undone, the answer says how.
        for (const id of new Set(topic === 'undo' ? [] : tasks))
            terminal.line(_('To read and apply the plan: reeve fix {id}', { id }));
        if (answerer !== 'built-in') terminal.note(_('Answered by {model}', { model: terminal.plain(answerer, 128) }));
        if (rest.conversation > 0) terminal.note(_('Saved as conversation {id}', { id: rest.conversation }));
    }
    if (outcome === 'cancelled') return exit.interrupted;
    if (choices.length > 0 && !json) {
        // The answer belongs to the conversation that the question began.
        const conversation = rest.conversation > 0 ? { conversation: variant('t', rest.conversation) } : {};
        return await choose(context, choices, { ...given, ...conversation });
    }
    if (outcome === 'success') return topic === 'none' || topic === 'choice' ? exit.notWell : exit.ok;
    if (json) return exit.failed;
    throw new CommandError(exit.failed, error ?? 'Failed', message ?? _('No answer.'));
}

/** Which question is meant: a person says it by its number. */
async function choose(context: Context, choices: readonly string[], given: Record<string, Variant>): Promise<ExitCode> {
    const { terminal } = context;
    for (const [index, choice] of choices.entries()) terminal.line(`${index + 1}. ${terminal.plain(choice, 200)}`);
    if (!terminal.isInteractive) return exit.notWell;
    const chosen = choices[Number(await askPerson(_('Number, or Enter for none:'))) - 1];
    return chosen === undefined ? exit.notWell : await answer(context, chosen, given);
}

/** Assistant.Explain. */
const explanationSchema = z.tuple([
    z.array(
        z.object({
            kind: z.enum(['wish', 'question']),
            id: z.string(),
            phrase: z.string(),
            parameters: z.record(z.string(), z.string()),
            score: z.number(),
            lost: z.string(),
            reason: z.string(),
        }),
    ),
    z.array(z.string()),
]);

async function explain(service: Client, question: string, terminal: Terminal, json: boolean): Promise<ExitCode> {
    const [readings, ignored] = explanationSchema.parse(
        await service.call(rootPath, 'Assistant.Explain', 's', [question]),
    );
    const taken = readings.filter(({ lost }) => lost === '');
    const others = readings.filter(({ lost }) => lost !== '');
    const code = taken.length === 0 ? exit.notWell : exit.ok;
    if (json) {
        terminal.json({ question, taken, others, ignored });
        return code;
    }
    const write = ({ kind, id, phrase, parameters, score, reason }: (typeof readings)[number]) => {
        const what = kind === 'wish' ? _('A wish for {id}', { id }) : _('A question for {id}', { id });
        terminal.line(`${what}${reason === '' ? '' : ` (${score.toFixed(2)}): ${terminal.plain(reason, 200)}`}`);
        if (phrase !== '') terminal.line(`    ${_('Phrase: {phrase}', { phrase: terminal.plain(phrase, 256) })}`);
        for (const [name, value] of Object.entries(parameters))
            terminal.line(`    ${name}: ${terminal.plain(value, 128)}`);
    };
    if (taken.length === 0) terminal.line(_('Reeve did not understand this.'));
    for (const reading of taken) write(reading);
    if (ignored.length > 0) terminal.line(_('Ignored: {words}', { words: terminal.plain(ignored.join(', '), 400) }));
    if (others.length > 0) terminal.line(heading(terminal, _('Not taken')));
    for (const reading of others) write(reading);
    return code;
}

/** @throws UsageError */
async function askOptions(options: Arguments['options']): Promise<Record<string, Variant>> {
    const { model, incident, conversation, schema, deadline, file = [] } = options;
    const given: Record<string, Variant> = {};
    if (typeof model === 'string') given.model = variant('s', model);
    if (typeof incident === 'string') given.incident = variant('t', incidentNumber(incident));
    if (typeof conversation === 'string')
        given.conversation = variant('t', conversation === 'new' ? 0 : wholeNumber('conversation', conversation));
    if (typeof deadline === 'string') given.deadline = variant('u', wholeNumber('deadline', deadline));
    if (typeof schema === 'string') given.schema = variant('s', await readSchema(schema));
    const files = [file].flat().map(String);
    if (files.length > 0) {
        // The service reads the file: it refuses places of secrets, for any caller.
        const attached = files.map(path => ({ kind: variant('s', 'file'), path: variant('s', resolve(path)) }));
        given.attachments = variant('aa{sv}', attached);
    }
    return given;
}

function wholeNumber(option: string, text: string): number {
    if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
    throw new UsageError(`--${option}: expected a number, not “${text}”`);
}

async function readSchema(path: string): Promise<string> {
    try {
        return await readFile(path, 'utf8');
    } catch (error) {
        throw new UsageError(`--schema: ${messageOf(error)}`);
    }
}

/** A question that is piped in is data like any other: the service refuses one that is too long. */
async function questionFromInput(isInteractive: boolean): Promise<string> {
    if (isInteractive) throw new UsageError('ask what? For example: reeve ask "what failed"');
    return (await readAll(process.stdin)).trim();
}
