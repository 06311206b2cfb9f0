import { setTimeout as delay } from 'node:timers/promises';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import type { PrintJob, PrintQueue } from '../../machine/printing/printQueues.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { jobTitle, printerName, printerNouns, queuesMeant, requireQueue, type Asked } from './printQueue.ts';

const parameters = z.strictObject({ printer: printerName, jobs: z.array(z.int().positive()).min(1).max(100) });

/** How long CUPS takes to end a job that is being printed, and how often to look. Milliseconds. */
const ending = { limit: 4000, interval: 250 };

/** More jobs are too many for a line of a question. */
const namedJobs = 5;

const { en, de, ar } = printerNouns;

/** Cancels print jobs. They are lost, so a queue that is stopped is resumed instead (`printerResume.ts`). */
export const printerCancel = defineAction({
    name: 'printer.cancel',
    parameters,
    touches: ({ printer }) => [`printer ${printer}`],
    wishes: [
        {
            phrases: {
                en: [
                    `(clear|empty|flush|delete|purge) ${en}`,
                    '(cancel|delete|clear|remove) [all] [waiting] (print jobs|print job|printing jobs|printing|prints)',
                    '(cancel|abort|stop) printing',
                ],
                de: [
                    `${de} (leeren|loschen)`,
                    `(leere|losche) ${de}`,
                    '[alle] (druckauftrage|druckauftrag|druckjobs) (abbrechen|loschen|entfernen|stornieren)',
                    '(losche|entferne) [alle] (druckauftrage|druckauftrag|druckjobs)',
                    'brich [alle] (druckauftrage|druckauftrag|druckjobs) ab',
                    '(drucken|druck) abbrechen',
                ],
                ar: [`(افرغ|امسح|إفراغ|مسح) ${ar}`, '(الغ|إلغاء|احذف) [كل] (مهام طباعة|طباعة)'],
            },
            parameters: waiting,
        },
        {
            phrases: {
                en: [`(clear|empty|flush) ${en} [of|for] {printer}`],
                de: ['(leere|losche) [warteschlange] [von|des] [drucker|druckers] {printer}'],
                ar: ['(افرغ|امسح) طابور طابعة {printer}'],
            },
            parameters: waiting,
        },
        {
            phrases: {
                en: ['(cancel|delete|remove) (print job|printing job) {number}'],
                de: [
                    '(druckauftrag|druckjob) {number} (abbrechen|loschen)',
                    '(losche|entferne) (druckauftrag|druckjob) {number}',
                ],
                ar: ['(الغ|إلغاء|احذف) مهمة طباعة {number}'],
            },
            parameters: async ({ number }, asked) => {
                const queues = await queuesMeant({}, asked);
                const holder = queues.find(({ jobs }) => jobs.some(({ id }) => id === Number(number)));
                if (holder === undefined)
                    throw new ReeveError('InvalidState', _('There is no print job {id}', { id: number ?? '' }));
                return [{ printer: holder.name, jobs: [Number(number)] }];
            },
        },
    ],
    async plan({ printer, jobs: ids }, asked) {
        const queue = await requireQueue(printer, asked);
        const jobs = ids.map(id => {
            const job = queue.jobs.find(each => each.id === id);
            if (job === undefined) throw new ReeveError('InvalidState', _('There is no print job {id}', { id }));
            return job;
        });
        // Root, too, may have jobs: they are somebody else's for the person who asks.
        const others = jobs.filter(({ isOwn }) => !isOwn || asked.asRoot === true);
        const title = ngettext(
            'Cancel {count} print job of {printer}',
            'Cancel {count} print jobs of {printer}',
            jobs.length,
            { printer: queue.title },
        );
        return {
            title,
            explanation: _('Waiting: {jobs}.', { jobs: jobs.map(jobTitle).join(', ') }),
            steps: [
                {
                    description:
                        jobs.length > namedJobs ? title : _('Cancel {job}', { job: jobs.map(jobTitle).join(', ') }),
                    // CUPS lets people cancel their own jobs, and root all of them.
                    ...programStep(others.length === 0 ? 'user' : 'system', ['cancel', ...ids.map(String)]),
                },
            ],
            risk: 'medium',
            riskText: [
                _('A cancelled job cannot be brought back; print it again.'),
                others.length === 0
                    ? ''
                    : ngettext(
                          '{count} of the jobs is somebody else’s.',
                          '{count} of the jobs are somebody else’s.',
                          others.length,
                      ),
            ]
                .join(' ')
                .trim(),
            undo: null,
            authentication: others.length > 0,
            preconditions: { [`${printer} jobs`]: ids.join(' ') },
        };
    },
    async verify({ printer, jobs: ids }, asked) {
        const until = performance.now() + ending.limit;
        for (;;) {
            const { jobs } = await requireQueue(printer, asked);
            const left = jobs.filter(({ id }) => ids.includes(id));
            if (left.length === 0) return { gone: true, detail: '' };
            if (performance.now() >= until)
                return { gone: false, detail: _('Still there: {parts}', { parts: left.map(jobTitle).join(', ') }) };
            await delay(ending.interval, undefined, { signal: asked.signal });
        }
    },
});

/** One way for each queue with jobs: the person's own, and another with those of others. */
async function waiting(slots: Readonly<Record<string, string>>, asked: Asked) {
    const queues = await queuesMeant(slots, asked);
    const busy = queues.filter(({ jobs }) => jobs.length > 0);
    if (queues.length > 0 && busy.length === 0) throw new ReeveError('InvalidState', _('Nothing waits to be printed'));
    return [...ways(busy, ({ isOwn }) => isOwn), ...ways(busy.filter(hasOthers), () => true)];
}

function ways(queues: readonly PrintQueue[], isMeant: (job: PrintJob) => boolean) {
    return queues.flatMap(({ name, jobs }) => {
        const ids = jobs.filter(isMeant).map(({ id }) => id);
        return ids.length === 0 ? [] : [{ printer: name, jobs: ids.slice(0, 100) }];
    });
}

function hasOthers({ jobs }: PrintQueue): boolean {
    return jobs.some(({ isOwn }) => !isOwn);
}
