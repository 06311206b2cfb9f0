// Answers about the machine that the test runs on, whatever it is: no bus, no systemd, no journal are needed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { release, totalmem, uptime } from 'node:os';

import { Assistant } from '../../../service/assistant/assistant.ts';
import type { AnswerResult } from '../../../service/assistant/assistant.ts';
import { Format } from '../../../service/i18n/format.ts';
import { Systemd } from '../../../service/machine/units/systemd.ts';
import { filesOf } from '../../../service/machine/machine.ts';

const format = new Format('en');

const assistant = new Assistant({
    machine: filesOf('/'),
    systemd: new Systemd({ system: null, session: null }),
    journal: { query: () => Promise.resolve([]), access: () => Promise.resolve('none') },
    incidents: { list: () => [] },
    proposals: { list: () => [] },
    guides: { steps: () => [] },
    diagnosis: { isLooking: () => false },
    timeline: { query: () => [] },
    version: '0.1.0',
    locale: 'en',
});

async function ask(question: string): Promise<AnswerResult & { text: string }> {
    const answer = assistant.answer(question, { signal: new AbortController().signal });
    let text = '';
    for (;;) {
        const { value, done } = await answer.next();
        if (done === true) return { ...value, text };
        if (typeof value === 'string') text += value;
    }
}

describe('On this machine', () => {
    it('memory is what the kernel says', async () => {
        const { text, evidence } = await ask('what is using memory?');
        expect(text).toContain(` of ${format.size(totalmem())} memory is in use`);
        expect(text).toMatch(/- `[^`]+`.*: \d+\.\d\s\wB/);
        expect(evidence.map(({ origin }) => origin)).toContain('/proc/meminfo');
    });

    it('a program that keeps a processor busy is found', async () => {
        const busy = spawn('yes', [], { stdio: ['ignore', 'ignore', 'ignore'] });
        try {
            await once(busy, 'spawn');
            expect((await ask('what is using the cpu?')).text).toMatch(/- `yes`.*: \d+% of one processor/);
        } finally {
            busy.kill('SIGKILL');
        }
    });

    it('versions and the time since it was started are the kernel’s', async () => {
        expect((await ask('kernel version')).text).toContain(`Linux ${release()}`);
        const before = uptime();
        const { text } = await ask('uptime');
        const possible = [before, uptime()].map(seconds => format.duration(Math.floor(seconds)));
        expect(possible.some(duration => text.includes(`on for ${duration}`)))
            .withContext(text)
            .toBeTrue();
    });

    it('the root filesystem has space that adds up', async () => {
        const { text, evidence } = await ask('how much disk space is free?');
        expect(text).toMatch(/- `\/`: .* free of /);
        expect(text).not.toContain('largest folders');
        expect(evidence.map(({ origin }) => origin)).toContain('statfs /');
    });

    it('what is not there is said, and nothing is made up', async () => {
        for (const [question, said] of [
            ['who is logged in?', 'systemd-logind, which keeps the list of sessions, is not available'],
            ['which services are running?', 'There is no systemd here'],
            ['what crashed last?', 'The journal, which records crashes, cannot be read'],
            ['what failed?', 'No failures are known.'],
        ] as const) {
            const { text, evidence } = await ask(question);
            expect(text).withContext(question).toContain(said);
            expect(evidence).withContext(question).toEqual([]);
        }
    });

    it('looking through the folders stops when it is told to', async () => {
        const controller = new AbortController();
        const answer = assistant.answer('what is using disk space?', { signal: controller.signal });
        let text = '';
        while (!text.includes('largest folders')) {
            const { value } = await answer.next();
            text += typeof value === 'string' ? value : '';
        }
        const next = answer.next();
        controller.abort(new Error('enough'));
        await expectAsync(next).toBeRejectedWithError('enough');
    });
});
