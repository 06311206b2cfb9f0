import { setTimeout as delay } from 'node:timers/promises';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step, UndoStep } from '../../model/proposal.ts';
import type { PrintQueue } from '../../machine/printing/printQueues.ts';
import { readPrintQueues } from '../../machine/printing/printQueues.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { preconditions, requireStartable, unitStep } from '../units/unitPlan.ts';
import { restartRisk } from '../units/unitRisk.ts';
import {
    describeTrouble,
    heldJobs,
    isStuck,
    jobTitle,
    printerName,
    printerNouns,
    queuesMeant,
    requireQueue,
} from './printQueue.ts';

/** null: the print service itself, which does not answer. */
const parameters = z.strictObject({ printer: printerName.nullable() });

const cups = 'cups.service';
/** How long a printer that is tried again takes to fail again, where it does so at once; and how often to look. Milliseconds. */
const trial = { limit: 4000, interval: 250 };

const { en, de, ar } = printerNouns;

/** Has a stopped queue print again: enables it, has it accept jobs, releases what is held. Every job is kept. */
export const printerResume = defineAction({
    name: 'printer.resume',
    parameters,
    proposable: ['task'],
    touches: ({ printer }) => [`printer ${printer}`],
    wishes: [
        {
            phrases: {
                en: [
                    `${en} [is] (stuck|stopped|blocked|hanging|hung|paused|jammed|not working|does not work|wont print|does not print|will not print)`,
                    `(resume|unblock|unstick|restart|fix|enable|unpause|start|continue) ${en}`,
                    '(resume|continue|restart) printing',
                    'why does (nothing|it|printer) [not] print',
                    'why (doesnt|wont) [printer|it] print',
                    'nothing (prints|is printing|gets printed)',
                    'i (cant|cannot|can not) print',
                    'get (printer|printing) (going|working|printing) [again]',
                    '(retry|release) [all] [held] (print jobs|printing)',
                ],
                de: [
                    `${de} (hangt|klemmt|steht|steckt fest|ist blockiert|ist angehalten|ist gestoppt|druckt nicht|blockiert|geht nicht)`,
                    `${de} (fortsetzen|aktivieren|reparieren|wieder starten|neu starten|entsperren)`,
                    `(starte|aktiviere|repariere|entsperre) ${de} [neu|wieder]`,
                    `setze ${de} fort`,
                    'warum (druckt nichts|wird nichts gedruckt|druckt drucker nicht)',
                    'es wird nichts gedruckt',
                    'ich kann nicht drucken',
                    'drucken fortsetzen',
                ],
                ar: [
                    `${ar} (عالقة|عالق|متوقفة|متوقف|معلقة|لا تطبع|لا تعمل)`,
                    `(استانف|شغل|اصلح|تشغيل|استئناف|اعد تشغيل) ${ar}`,
                    'لماذا لا (تطبع طابعة|يطبع شيء|تعمل طابعة)',
                    'لا (استطيع|يمكنني) طباعة',
                    '(استانف|استئناف) طباعة',
                ],
            },
            isAlsoQuestion: true,
            parameters: stuckQueues,
        },
        {
            phrases: {
                en: [
                    '(resume|enable|unblock|unpause|restart|continue) printer {printer}',
                    'printer {printer} is (stuck|stopped|blocked|paused)',
                ],
                de: [
                    'drucker {printer} (hangt|klemmt|steht|fortsetzen|aktivieren|wieder starten)',
                    '(aktiviere|starte) drucker {printer} [neu|wieder]',
                ],
                ar: ['(استانف|شغل|استئناف) طابعة {printer}'],
            },
            parameters: stuckQueues,
        },
    ],
    async plan({ printer }, system) {
        if (printer === null) return await planService(system);
        const queue = await requireQueue(printer, system);
        if (!isStuck(queue)) throw notStuck([queue]);
        const both = changes(queue);
        return {
            title: _('Let {printer} print again', { printer: queue.title }),
            explanation: describeTrouble(queue),
            steps: both.map(({ step }) => step),
            risk: 'low',
            riskText:
                queue.jobs.length === 0
                    ? _('Nothing waits in its queue. It stops again if the printer still cannot be reached.')
                    : _(
                          'What waits in its queue is printed now. It stops again if the printer still cannot be reached.',
                      ),
            undo: {
                text: _('Puts the queue back as it was'),
                steps: both.map(({ undo }, undoes): UndoStep => ({ ...undo, undoes })).reverse(),
            },
            authentication: true,
            preconditions: {
                [`${printer} queue`]: JSON.stringify([
                    queue.state === 'stopped',
                    queue.accepts,
                    heldJobs(queue).map(({ id }) => id),
                ]),
            },
        };
    },
    async verify({ printer }, system) {
        const until = performance.now() + trial.limit;
        for (;;) {
            if (printer === null) {
                const queues = system.machine && (await readPrintQueues(system.machine, system.signal));
                if (queues !== null) return { gone: true, detail: '' };
                if (performance.now() >= until) return { gone: false, detail: _('The print service does not answer') };
            } else {
                const queue = await requireQueue(printer, system);
                if (isStuck(queue)) return { gone: false, detail: describeTrouble(queue) };
                // A printer that cannot be reached says so only when it is tried.
                if (queue.jobs.length === 0 || performance.now() >= until) return { gone: true, detail: '' };
            }
            await delay(trial.interval, undefined, { signal: system.signal });
        }
    },
});

async function stuckQueues(slots: Readonly<Record<string, string>>, system: Surroundings & { signal: AbortSignal }) {
    const { machine, signal } = system;
    // Without CUPS there is nothing to restart, and `queuesMeant` says what is wrong.
    const answers = machine !== null && (await readPrintQueues(machine, signal)) !== null;
    if (!answers && (await system.systemd.unit('system', cups, { signal })) !== null) return [{ printer: null }];
    const queues = await queuesMeant(slots, system);
    const stuck = queues.filter(isStuck);
    if (queues.length > 0 && stuck.length === 0) throw notStuck(queues);
    return stuck.map(({ name }) => ({ printer: name }));
}

/** What to do about a queue that nothing stops. */
function notStuck(queues: readonly PrintQueue[]): ReeveError {
    const busy = queues.find(({ jobs }) => jobs.length > 0);
    const [job] = busy?.jobs ?? [];
    if (busy === undefined || job === undefined)
        return new ReeveError('InvalidState', _('No print queue is stopped, and nothing waits to be printed'));
    const text =
        job.message === '' && busy.message === ''
            ? _('{printer} is not stopped; {job} is first in its queue', { printer: busy.title, job: jobTitle(job) })
            : _('{printer} is not stopped; {job} is first in its queue: {message}', {
                  printer: busy.title,
                  job: jobTitle(job),
                  message: job.message || busy.message,
              });
    return new ReeveError('InvalidState', text);
}

function changes(queue: PrintQueue): { step: Step; undo: Step }[] {
    const { name, title: printer } = queue;
    const found: { step: Step; undo: Step }[] = [];
    if (!queue.accepts)
        found.push({
            step: { description: _('Have {printer} accept jobs', { printer }), ...byRoot('cupsaccept', name) },
            undo: { description: _('Have {printer} reject jobs', { printer }), ...byRoot('cupsreject', name) },
        });
    for (const job of heldJobs(queue))
        found.push({
            step: {
                description: _('Release {job}', { job: jobTitle(job) }),
                ...byRoot('lp', '-i', String(job.id), '-H', 'resume'),
            },
            undo: {
                description: _('Hold {job}', { job: jobTitle(job) }),
                ...byRoot('lp', '-i', String(job.id), '-H', 'hold'),
            },
        });
    // Last, so that what was held is printed in its turn.
    if (queue.state === 'stopped')
        found.push({
            step: { description: _('Enable {printer}', { printer }), ...byRoot('cupsenable', name) },
            undo: { description: _('Stop {printer}', { printer }), ...byRoot('cupsdisable', name) },
        });
    return found;
}

function byRoot(...argv: [string, ...string[]]) {
    return programStep('system', argv);
}

async function planService({ systemd, machine, signal }: Surroundings & { signal: AbortSignal }) {
    if (machine !== null && (await readPrintQueues(machine, signal)) !== null)
        throw new ReeveError('InvalidState', _('The print service answers'));
    const unit = await requireStartable(systemd, 'system', cups, signal);
    return {
        title: _('Restart the print service'),
        explanation: _('CUPS, the print service, does not answer. Waiting print jobs are kept.'),
        steps: [unitStep('RestartUnit', unit)],
        ...restartRisk(unit),
        undo: null,
        authentication: true,
        preconditions: await preconditions([unit]),
    };
}
