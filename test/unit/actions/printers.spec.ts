import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { printerCancel } from '../../../service/actions/printers/printerCancel.ts';
import { printerDefault } from '../../../service/actions/printers/printerDefault.ts';
import { printerResume } from '../../../service/actions/printers/printerResume.ts';
import type { Surroundings } from '../../../service/actions/surroundings.ts';
import { readWish } from '../../../service/assistant/wishes/readWish.ts';
import type { Machine } from '../../../service/machine/machine.ts';
import { decodeReply, operations } from '../../../service/machine/printing/ipp.ts';
import { readPrintQueues } from '../../../service/machine/printing/printQueues.ts';
import { planDigest } from '../../../service/approval/digest.ts';
import { job, printer, reply, type Group } from '../../support/cups.ts';
import { pretendPrograms } from '../../support/pretendPrograms.ts';
import { managerOf, recordedUnits } from '../../support/recordedUnits.ts';

/** What CUPS 2.4 answered for a printer whose backend had failed: CUPS-Get-Printers and Get-Jobs. */
const recordedPrinters =
    'AgAAAAAAAAEBRwASYXR0cmlidXRlcy1jaGFyc2V0AAV1dGYtOEgAG2F0dHJpYnV0ZXMtbmF0dXJhbC1sYW5ndWFnZQACZW4EIgAZcHJpbnRlci1pcy1hY2NlcHRpbmctam9icwABASMADXByaW50ZXItc3RhdGUABAAAAAVBABVwcmludGVyLXN0YXRlLW1lc3NhZ2UAG1RoZSBwcmludGVyIGRvZXMgbm90IGFuc3dlckIADHByaW50ZXItbmFtZQAGT2ZmaWNlQQAMcHJpbnRlci1pbmZvAA5PZmZpY2UgUHJpbnRlcgM=';
const recordedJobs =
    'AgAAAAAAAAEBRwASYXR0cmlidXRlcy1jaGFyc2V0AAV1dGYtOEgAG2F0dHJpYnV0ZXMtbmF0dXJhbC1sYW5ndWFnZQACZW4CRQAPam9iLXByaW50ZXItdXJpACNpcHA6Ly9sb2NhbGhvc3Q6NjMxL3ByaW50ZXJzL09mZmljZUIAGWpvYi1vcmlnaW5hdGluZy11c2VyLW5hbWUABWFsaWNlQgAIam9iLW5hbWUABkxldHRlckQADmpvYi1ob2xkLXVudGlsAAduby1ob2xkIQAGam9iLWlkAAQAAAABIwAJam9iLXN0YXRlAAQAAAADQQAZam9iLXByaW50ZXItc3RhdGUtbWVzc2FnZQAbVGhlIHByaW50ZXIgZG9lcyBub3QgYW5zd2VyAw==';

const own = userInfo().username;

const stopped = { 'printer-state': 5, 'printer-state-message': 'The printer does not answer' };

describe('The queues of CUPS', () => {
    let root: string;
    let server: Server;
    let answers: Record<number, Buffer>;
    let machine: Machine;
    let units: string[];
    let programs: Disposable;
    const { signal } = new AbortController();
    const system = () =>
        ({
            ...managerOf(recordedUnits(262)),
            systemd: {
                unit: (_scope: string, name: string) =>
                    Promise.resolve(units.includes(name) ? { name, loadState: 'loaded' } : null),
            },
            machine,
            signal,
        }) as unknown as Surroundings & { signal: AbortSignal };
    const has = (printers: readonly Group[], jobs: readonly Group[] = []) => {
        answers = { [operations.cupsGetPrinters]: reply(printers), [operations.getJobs]: reply(jobs) };
    };
    const wished = async (text: string) => {
        const ways = (await readWish(text, system())?.ways()) ?? [];
        return ways.map(({ action, parameters }) => [action, parameters]);
    };

    beforeEach(async () => {
        programs = pretendPrograms([
            'cupsenable',
            'cupsdisable',
            'cupsaccept',
            'cupsreject',
            'lp',
            'cancel',
            'lpoptions',
        ]);
        root = mkdtempSync(join(tmpdir(), 'reeve-cups-'));
        mkdirSync(join(root, 'run/cups'), { recursive: true });
        units = ['cups.service'];
        machine = { root, system: null, session: null, run: () => Promise.resolve(null) };
        server = createServer((request, response) => {
            request.once('data', (asked: Buffer) => {
                response.end(answers[asked.readUInt16BE(2)]);
            });
        });
        server.listen(join(root, 'run/cups/cups.sock'));
        await once(server, 'listening');
    });
    afterEach(async () => {
        programs[Symbol.dispose]();
        server.closeAllConnections();
        await new Promise(resolve => server.close(resolve));
        rmSync(root, { recursive: true });
    });

    it('are read from its socket', async () => {
        answers = {
            [operations.cupsGetPrinters]: Buffer.from(recordedPrinters, 'base64'),
            [operations.getJobs]: Buffer.from(recordedJobs, 'base64'),
        };
        expect(await readPrintQueues(machine, signal)).toEqual([
            {
                name: 'Office',
                title: 'Office Printer',
                state: 'stopped',
                accepts: true,
                message: 'The printer does not answer',
                jobs: [
                    {
                        id: 1,
                        title: 'Letter',
                        isOwn: own === 'alice',
                        state: 'waiting',
                        isHeldForGood: false,
                        message: 'The printer does not answer',
                    },
                ],
            },
        ]);
    });

    it('are none without printers, and unknown when what answers is no CUPS', async () => {
        answers = { [operations.cupsGetPrinters]: reply([], 0x0406), [operations.getJobs]: reply([]) };
        expect(await readPrintQueues(machine, signal)).toEqual([]);
        answers = { [operations.cupsGetPrinters]: Buffer.from('<html>'), [operations.getJobs]: Buffer.alloc(0) };
        expect(await readPrintQueues(machine, signal)).toBeNull();
    });

    it('have no name that could pass for an option or a path', async () => {
        has(['-h', '../x', 'a b', 'a#b', 'Fine'].map(name => printer(name)));
        expect((await readPrintQueues(machine, signal))?.map(({ name }) => name)).toEqual(['Fine']);
    });

    it('are never read past the end of a reply', () => {
        const whole = Buffer.from(recordedJobs, 'base64');
        for (let length = 0; length < whole.length; length += 1)
            expect(() => decodeReply(whole.subarray(0, length))).toThrowError(RangeError);
    });

    it('print again as a plan that says what stopped them', async () => {
        has([printer('Office', stopped), printer('Home')], [job(1, 'Office')]);
        expect(await wished('My printer queue is stuck.')).toEqual([['printer.resume', { printer: 'Office' }]]);
        const { title, explanation, steps, undo, risk, authentication } = await printerResume.plan(
            { printer: 'Office' },
            system(),
        );
        expect([title, risk, authentication]).toEqual(['Let Office print again', 'low', true]);
        expect(explanation).toBe(
            'Office is stopped: The printer does not answer. First in its queue is “Letter 1” (job 1).',
        );
        expect(steps.map(({ command }) => command)).toEqual([jasmine.stringMatching(/cupsenable Office$/)]);
        expect(undo?.steps.map(({ command }) => command)).toEqual([jasmine.stringMatching(/cupsdisable Office$/)]);
    });

    it('accept and release jobs, too, and undo goes the other way round', async () => {
        has(
            [printer('Office', { ...stopped, 'printer-is-accepting-jobs': false })],
            [
                job(1, 'Office', { 'job-state': 4, 'job-hold-until': 'indefinite' }),
                job(2, 'Office', { 'job-state': 4, 'job-hold-until': 'night' }),
            ],
        );
        const { steps, undo } = await printerResume.plan({ printer: 'Office' }, system());
        const argv = (all: readonly { command: string }[] = []) =>
            all.map(({ command }) => command.replace(/.*\//, ''));
        expect(argv(steps)).toEqual(['cupsaccept Office', 'lp -i 1 -H resume', 'cupsenable Office']);
        expect(argv(undo?.steps)).toEqual(['cupsdisable Office', 'lp -i 1 -H hold', 'cupsreject Office']);
        expect(undo?.steps.map(({ undoes }) => undoes)).toEqual([2, 1, 0]);
    });

    it('make another plan when they are in another state', async () => {
        has([printer('Office', stopped)], [job(1, 'Office')]);
        const fix = { action: 'printer.resume', parameters: { printer: 'Office' }, explanation: '' };
        const first = planDigest({
            ...fix,
            ...(await printerResume.plan({ printer: 'Office' }, system())),
            explanation: '',
        });
        has([printer('Office', { ...stopped, 'printer-is-accepting-jobs': false })], [job(1, 'Office')]);
        const next = planDigest({
            ...fix,
            ...(await printerResume.plan({ printer: 'Office' }, system())),
            explanation: '',
        });
        expect(next).not.toBe(first);
    });

    it('that nothing stops are left alone, with what they do', async () => {
        has(
            [printer('Office', { 'printer-state': 4 })],
            [job(7, 'Office', { 'job-printer-state-message': 'Waiting for printer' })],
        );
        await expectAsync(wished('the printer is stuck')).toBeRejectedWithError(
            'Office is not stopped; “Letter 7” (job 7) is first in its queue: Waiting for printer',
        );
        has([printer('Office')]);
        await expectAsync(wished('resume the printer')).toBeRejectedWithError(/No print queue is stopped/);
        has([]);
        await expectAsync(wished('resume the printer')).toBeRejectedWithError('No printer is set up');
        await expectAsync(Promise.resolve(printerResume.plan({ printer: 'Office' }, system()))).toBeRejectedWithError(
            'There is no printer Office',
        );
    });

    it('are checked: a printer that fails again is not mended', async () => {
        has([printer('Office', stopped)], [job(1, 'Office')]);
        expect(await printerResume.verify?.({ printer: 'Office' }, system())).toEqual({
            gone: false,
            detail: 'Office is stopped: The printer does not answer. First in its queue is “Letter 1” (job 1).',
        });
        has([printer('Office')]);
        expect(await printerResume.verify?.({ printer: 'Office' }, system())).toEqual({ gone: true, detail: '' });
    });

    it('ask for the print service itself when it does not answer', async () => {
        await new Promise(resolve => server.close(resolve));
        expect(await wished('nothing prints')).toEqual([['printer.resume', { printer: null }]]);
        units = [];
        await expectAsync(wished('nothing prints')).toBeRejectedWithError('The print service does not answer');
    });

    it('lose only the jobs that the plan names, and that for good', async () => {
        has(
            [printer('Office', stopped)],
            [job(1, 'Office'), job(2, 'Office', { 'job-originating-user-name': 'bob', 'job-name': '' })],
        );
        expect(await wished('clear the print queue')).toEqual([
            ['printer.cancel', { printer: 'Office', jobs: [1] }],
            ['printer.cancel', { printer: 'Office', jobs: [1, 2] }],
        ]);
        const mine = await printerCancel.plan({ printer: 'Office', jobs: [1] }, system());
        expect([mine.undo, mine.authentication, mine.risk]).toEqual([null, false, 'medium']);
        expect(mine.riskText).toBe('A cancelled job cannot be brought back; print it again.');
        const all = await printerCancel.plan({ printer: 'Office', jobs: [1, 2] }, system());
        expect([all.authentication, all.steps.map(({ description }) => description)]).toEqual([
            true,
            ['Cancel “Letter 1” (job 1), job 2'],
        ]);
        expect(all.steps[0]?.command).toMatch(/cancel 1 2$/);
        expect(all.riskText).toMatch(/1 of the jobs is somebody else’s\.$/);
        // Root makes the same plan, although it has jobs of its own.
        const asRoot = await printerCancel.plan({ printer: 'Office', jobs: [1] }, { ...system(), asRoot: true });
        expect(asRoot.authentication).toBeTrue();
        await expectAsync(
            Promise.resolve(printerCancel.plan({ printer: 'Office', jobs: [3] }, system())),
        ).toBeRejectedWithError('There is no print job 3');
    });

    it('are chosen as the default by name, for this person alone', async () => {
        has([printer('HP_LaserJet', { 'printer-info': 'HP LaserJet' }), printer('Office')]);
        machine.run = () => Promise.resolve('system default destination: Office\n');
        expect(await wished('make HP LaserJet my default printer')).toEqual([
            ['printer.default', { printer: 'HP_LaserJet' }],
        ]);
        const { steps, undo } = await printerDefault.plan({ printer: 'HP_LaserJet' }, system());
        expect(steps[0]?.command).toMatch(/systemd-run --user .*lpoptions -d HP_LaserJet$/);
        expect(undo?.steps[0]?.command).toMatch(/lpoptions -d Office$/);
        machine.run = () => Promise.resolve('no system default destination\n');
        expect((await printerDefault.plan({ printer: 'Office' }, system())).undo).toBeNull();
    });

    for (const text of [
        'my printer queue is stuck',
        'the printer is stuck',
        'Why does nothing print?',
        'my printer wont print',
        'resume printing',
        'Der Drucker druckt nicht',
        'Warum wird nichts gedruckt?',
        'Drucker fortsetzen',
        'الطابعة متوقفة',
        'لماذا لا تطبع الطابعة؟',
        'استأنف الطباعة',
    ])
        it(`print again for “${text}”`, async () => {
            has([printer('Office', stopped)]);
            expect(await wished(text)).toEqual([['printer.resume', { printer: 'Office' }]]);
        });

    for (const text of [
        'cancel all print jobs',
        'Druckaufträge abbrechen',
        'Lösche die Druckaufträge',
        'الغ كل مهام الطباعة',
        'cancel print job 4',
    ])
        it(`are cleared for “${text}”`, async () => {
            has([printer('Office')], [job(4, 'Office')]);
            expect(await wished(text)).toEqual([['printer.cancel', { printer: 'Office', jobs: [4] }]]);
        });
});
