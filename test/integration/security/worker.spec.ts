// The process that runs a model, killed at every message and at any time: that request fails and says so, and the next one gets
// the answer that it would have got.
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';

import fc from 'fast-check';

import { InferenceError } from '../../../service/inference/errors.ts';
import { hear, killWorker, openRig, question, type Rig } from '../inference/support.ts';
import { isWhole, patience, report, seed, tries } from '../../support/security/run.ts';

const counts = { kills: 0, 'answers that failed': 0, 'answers after it': 0 };
/** The text of an answer, or null where the worker ended first. */
async function answered(rig: Rig, model: Awaited<ReturnType<Rig['writeModel']>>, heard?: () => void) {
    try {
        if (heard === undefined) return (await hear(rig.backend.chat(asked(model)))).text;
        for await (const { type } of rig.backend.chat(asked(model))) {
            if (type !== 'text') continue;
            heard();
            break;
        }
        return '';
    } catch (error) {
        if (!(error instanceof InferenceError) || error.problem !== 'WorkerCrashed') throw error;
        counts['answers that failed'] += 1;
        return null;
    }
}
const asked = (model: Parameters<typeof question>[0]) => question(model, { maxTokens: 8, temperature: 0 });

describe('The process that runs a model', () => {
    let answer = '';

    beforeAll(async () => {
        await using rig = await openRig();
        answer = (await hear(rig.backend.chat(asked(await rig.writeModel())))).text;
    }, patience);
    afterAll(() => {
        report('worker', counts);
    });

    for (const [what, stopped] of [
        ['an answer', undefined],
        ['an answer that is stopped', () => undefined],
    ] as const)
        it(
            `fails one request alone when it is killed before any message of ${what}`,
            async () => {
                for (let message = 0; ; message += 1) {
                    await using rig = await openRig({ fault: `killed-at-message-${message}` });
                    const model = await rig.writeModel();
                    const marker = join(rig.folder, 'killed');
                    const first = await answered(rig, model, stopped);
                    // The last messages come when the answer is over: the next request finds that out.
                    const second = await answered(rig, model);
                    const third = second ?? (await answered(rig, model));
                    if (!existsSync(marker)) break;
                    counts.kills += 1;
                    const context = `before message ${message}, ${readFileSync(marker, 'utf8')}`;
                    if (stopped === undefined) expect([answer, null]).withContext(context).toContain(first);
                    expect(third).withContext(context).toBe(answer);
                    counts['answers after it'] += 1;
                    if (!isWhole && message >= 4) break;
                }
            },
            patience,
        );

    it(
        'fails one request alone when it is killed at any time, also while it keeps what it has read',
        async () => {
            const delays = fc.sample(fc.integer({ min: 0, max: 400 }), { seed, numRuns: tries(2, 60) });
            await using rig = await openRig();
            for (const [index, delay] of delays.entries()) {
                // Another model each time: it is read, and its prefix is evaluated and kept.
                const model = await rig.writeModel({ seed: 1 }, `tiny-${index}`);
                const first = answered(rig, model);
                await setTimeout(delay);
                if (rig.backend.workerPid !== null) {
                    killWorker(rig);
                    counts.kills += 1;
                }
                await first;
                const second = (await answered(rig, model)) ?? (await answered(rig, model));
                expect(second).withContext(`after ${delay} ms`).toBe(answer);
                counts['answers after it'] += 1;
            }
        },
        patience,
    );
});
