import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { storeSample } from '../../contract/sample.ts';
import { startBuiltService, type BuiltService } from '../../support/builtService.ts';

describe('reeve setup', () => {
    let service: BuiltService;

    beforeAll(async () => {
        service = await startBuiltService({
            prepare: directory => {
                storeSample(directory);
            },
        });
    }, 60_000);
    afterAll(async () => {
        await service[Symbol.asyncDispose]();
    });

    const steps = /1 of 3: What Reeve watches[\s\S]*2 of 3: What is wrong now[\s\S]*3 of 3: A language model/;

    it('takes three steps and asks nothing where nobody can answer, however often it is run', async () => {
        for (const args of [['setup'], ['setup', '--yes']]) {
            const { code, output } = await service.reeve(...args);
            expect(output).toMatch(steps);
            expect(output).toContain('Nothing leaves this computer.');
            expect(output).toContain('sample.service failed');
            // The service has neither a system bus nor a journal here: reeve doctor finds that, too.
            expect(output).toContain('Reeve can neither watch nor change system services');
            expect(output).not.toContain('Which one to download?');
            expect(code).withContext('something is wrong').toBe(1);
        }
    }, 60_000);

    it('asks on a terminal which model to download, and takes nothing for none', async () => {
        const { code, output } = await service.reeveOnTerminal(['setup'], '\n');
        expect(output).toMatch(steps);
        expect(output).toContain('Which one to download?');
        expect(output).toContain('No model is downloaded.');
        expect(output).toContain('To see this again: reeve setup');
        expect(code).toBe(1);
        const asking = await service.reeveOnTerminal(['setup', '--yes'], '');
        expect(asking.output).not.toContain('Which one to download?');
    }, 60_000);

    it('breaks nothing for the demo unless a person says yes', async () => {
        const { code, errors } = await service.reeve('setup', '--demo');
        expect(errors).toContain('A person must approve a change');
        expect(code).toBe(4);
        const declined = await service.reeveOnTerminal(['setup', '--demo'], '\n');
        expect(declined.output).toContain('Break it?');
        expect(declined.output).toContain('Nothing was changed.');
        expect(declined.code).toBe(4);
        const audit = await service.reeve('audit', '--json');
        expect(audit.output).not.toContain('reeve-demo.service');
    }, 60_000);

    it('ends at Ctrl+C, with nothing downloaded', async () => {
        const argv = ['--quiet', '--return', '--command', `${service.built}/bin/reeve setup`, '/dev/null'];
        const child = spawn('script', argv, { env: service.environment });
        let output = '';
        child.stdout.on('data', (chunk: Buffer) => {
            const wasAsked = output.includes('Which one to download?');
            output += chunk.toString();
            if (!wasAsked && output.includes('Which one to download?')) child.stdin.write('\u0003');
        });
        const [code] = (await once(child, 'close')) as [number];
        expect(output).toContain('Cancelled.');
        expect(code).toBe(130);
        const { installed, transfers } = JSON.parse((await service.reeve('models', '--json')).output) as Record<
            string,
            unknown
        >;
        expect([installed, transfers]).toEqual([[], []]);
    }, 60_000);

    it('answers an installer with one document, and names a model that does not exist', async () => {
        const { code, output } = await service.reeve('setup', '--json');
        expect(code).toBe(1);
        expect(JSON.parse(output)).toEqual({
            watch: {
                version: jasmine.any(String),
                state: jasmine.any(String),
                sources: jasmine.any(Array),
                notices: jasmine.arrayContaining([jasmine.objectContaining({ code: 'system-bus-missing' })]),
            },
            health: {
                incidents: [jasmine.objectContaining({ subject: 'sample.service', state: 'open' })],
                checks: jasmine.arrayContaining([
                    jasmine.objectContaining({ id: 'system-bus-missing', status: 'problem' }),
                ]),
                log_access: { readable: true, proposal: null, refusal: '' },
            },
            model: {
                survey: jasmine.objectContaining({ cores: jasmine.any(Number) }),
                recommended: jasmine.any(Array),
                installed: [],
                outcome: 'none',
            },
        });
        const missing = await service.reeve('setup', '--json', '--model', 'no-such-model');
        expect(missing.code).toBe(5);
        expect(JSON.parse(missing.output)).toEqual(
            jasmine.objectContaining({ model: jasmine.objectContaining({ outcome: 'failed' }) }),
        );
    }, 60_000);
});
