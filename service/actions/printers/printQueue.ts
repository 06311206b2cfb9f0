/** Shared by the actions on printers: the queues, what is wrong with one, and how people name it. */
import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { queueName, readPrintQueues, type PrintJob, type PrintQueue } from '../../machine/printing/printQueues.ts';
import type { Surroundings } from '../surroundings.ts';

export const printerName = z.string().regex(queueName);

export type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** What people call a printer in a sentence, in each language. */
export const printerNouns = {
    en: '(printer|printers|print queue|printer queue|printing queue|print queues|queue of printer)',
    de: '(drucker|druckerwarteschlange|druckwarteschlange|warteschlange des druckers|drucker warteschlange)',
    ar: '(طابعة|طابعات|طابور طباعة|قائمة طباعة|قائمة انتظار طباعة)',
} as const;

/** @throws ReeveError InvalidState when CUPS does not answer */
export async function requireQueues({ machine, signal }: Asked): Promise<PrintQueue[]> {
    const queues = machine === null ? null : await readPrintQueues(machine, signal);
    if (queues === null) throw new ReeveError('InvalidState', _('The print service does not answer'));
    return queues;
}

/** @throws ReeveError InvalidState when there is no such queue */
export async function requireQueue(name: string, asked: Asked): Promise<PrintQueue> {
    const queue = (await requireQueues(asked)).find(each => each.name === name);
    if (queue === undefined) throw new ReeveError('InvalidState', _('There is no printer {name}', { name }));
    return queue;
}

/**
 * The queues that a person's words name: all without any.
 *
 * @throws ReeveError InvalidState when there is no printer at all
 */
export async function queuesMeant({ printer }: Readonly<Record<string, string>>, asked: Asked): Promise<PrintQueue[]> {
    const queues = await requireQueues(asked);
    if (queues.length === 0) throw new ReeveError('InvalidState', _('No printer is set up'));
    if (printer === undefined) return queues;
    const wanted = words(printer);
    const named = queues.filter(({ name, title }) =>
        [name, title].some(each => words(each).join(' ') === wanted.join(' ')),
    );
    if (named.length > 0) return named;
    return queues.filter(({ name, title }) => {
        const known = [...words(name), ...words(title)];
        return wanted.length > 0 && wanted.every(word => known.includes(word));
    });
}

function words(text: string): string[] {
    return text
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .filter(word => word !== '');
}

/** Jobs that a plan can release: nobody but a person would. */
export function heldJobs({ jobs }: PrintQueue): PrintJob[] {
    return jobs.filter(({ isHeldForGood }) => isHeldForGood);
}

export function isStuck(queue: PrintQueue): boolean {
    return queue.state === 'stopped' || !queue.accepts || heldJobs(queue).length > 0;
}

/** Such as “Letter” (job 4). */
export function jobTitle({ id, title }: PrintJob): string {
    return title === '' ? _('job {id}', { id }) : _('“{title}” (job {id})', { title, id });
}

/** What is wrong with a queue, in sentences. */
export function describeTrouble(queue: PrintQueue): string {
    const { title, state, accepts, message, jobs } = queue;
    const [first] = jobs;
    const held = heldJobs(queue);
    return [
        state !== 'stopped'
            ? ''
            : message === ''
              ? _('{printer} is stopped.', { printer: title })
              : _('{printer} is stopped: {reason}.', { printer: title, reason: message.replace(/[.\s]+$/, '') }),
        accepts ? '' : _('{printer} accepts no new jobs.', { printer: title }),
        state !== 'stopped' || first === undefined ? '' : _('First in its queue is {job}.', { job: jobTitle(first) }),
        held.length === 0 ? '' : _('Held: {jobs}.', { jobs: held.map(jobTitle).join(', ') }),
    ]
        .filter(sentence => sentence !== '')
        .join(' ');
}
