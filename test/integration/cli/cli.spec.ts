import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import * as z from 'zod';

import { Connection } from '../../../service/dbus/connection.ts';
import { busName, rootPath } from '../../../service/util/names.ts';
import { hostileText, storeGuided, storeSample } from '../../contract/sample.ts';
import { startBuiltService, type BuiltService } from '../../support/builtService.ts';
import { isRunning, withDescendants } from '../../support/processTree.ts';
import { run, startProgram } from '../../support/program.ts';

describe('reeve, with guided steps', () => {
    it('lists them, and says of each whether it was seen', async () => {
        let number = '';
        await using service = await startBuiltService({
            prepare: directory => {
                number = String(storeGuided(directory));
            },
        });
        // The check of the fault checks the steps, too.
        await service.reeve('check', number);
        const { output } = await service.reeve('show', number);
        expect(output).toMatch(/What you can do\n +1\. Unplug it and plug it in again[\s\S]* Seen\n/);
        expect(output).not.toContain('No safe fix is known');
        const shown = JSON.parse((await service.reeve('show', number, '--json')).output) as Record<string, unknown>;
        expect(shown.steps).toEqual([
            jasmine.objectContaining({ seen: true, panel: '' }),
            jasmine.objectContaining({ text: 'Reeve checks that the fault is gone.' }),
        ]);
    }, 60_000);
});

describe('reeve, with an incident', () => {
    let service: BuiltService;
    let number: string;

    beforeAll(async () => {
        service = await startBuiltService({
            prepare: directory => {
                number = String(storeSample(directory).incident);
            },
        });
    }, 60_000);
    afterAll(async () => {
        await service[Symbol.asyncDispose]();
    });

    const json = async (...args: string[]) => {
        const { code, output, errors } = await service.reeve(...args, '--json');
        return { code, errors, value: JSON.parse(output) as Record<string, unknown> };
    };

    it('lists it, for people and for programs', async () => {
        const text = await service.reeve('incidents');
        expect(text.code).toBe(0);
        expect(text.output).toContain('sample.service failed');

        const { code, value } = await json('incidents');
        expect(code).toBe(0);
        expect(value.incidents).toEqual([
            jasmine.objectContaining({
                id: Number(number),
                subject: 'sample.service',
                severity: 'high',
                state: 'open',
                first: '2023-11-14T22:13:20.000000Z',
                cause: hostileText,
            }),
        ]);
    });

    it('says with the exit code of status that something is wrong', async () => {
        const { code, output } = await service.reeve('status');

        expect(code).toBe(1);
        expect(output).toContain('1 open incident:');
        expect((await json('status')).value).toEqual(jasmine.objectContaining({ open_incidents: 1 }));
        // Sources start meanwhile, which changes the state and what each has seen.
        const settled = (status: Record<string, unknown>) => ({ ...status, sources: [], state: '' });
        const first = JSON.parse((await service.reeve('--json', 'status')).output) as Record<string, unknown>;
        expect(settled((await json('status')).value)).toEqual(settled(first));
    });

    it('shows it with evidence and fixes', async () => {
        const { code, output } = await service.reeve('show', number);

        expect(code).toBe(0);
        expect(output).toContain(hostileText);
        expect(output).toContain('1. Restart sample.service');
        const { value } = await json('show', number);
        expect(value.evidence).toEqual([
            jasmine.objectContaining({ message: hostileText, cursor: 's=1', time: '2023-11-14T22:13:20.000000Z' }),
            jasmine.objectContaining({ time: null, cursor: null }),
        ]);
        expect(value.proposals).toEqual([jasmine.objectContaining({ action: 'unit.restart', state: 'offered' })]);
    });

    it('tells a missing incident, a mistake and a refusal apart', async () => {
        expect((await service.reeve('show', '999')).code).toBe(5);
        const unknown = await service.reeve('nonsense');
        expect([unknown.code, unknown.errors]).toEqual([2, jasmine.stringContaining('there are status, ')]);
        expect(await service.reeve('help', 'nonsense')).toEqual(unknown);
        expect((await service.reeve('show', '-1')).code).toBe(2);
        expect((await service.reeve('show', 'x')).code).toBe(2);
        expect((await service.reeve('fix', number)).code).toBe(4);
        expect((await json('show', '999')).value).toEqual(jasmine.objectContaining({ error: 'NotFound' }));
    });

    it('does nothing that was not agreed to on a terminal', async () => {
        const { code, output } = await service.reeveOnTerminal(['fix', number], 'n\n');

        expect(code).toBe(4);
        expect(output).toContain('systemctl restart sample.service');
        expect(output).toContain('RestartUnit("sample.service", "replace")');
        expect(output).toContain('Nothing was changed.');
        expect((await json('show', number)).value.proposals).toEqual([jasmine.objectContaining({ state: 'offered' })]);
    });

    it('is believed on a terminal, and says why a fix cannot be made', async () => {
        const { code, output } = await service.reeveOnTerminal(['fix', number], 'y\n');

        // There is no systemd to ask on this bus; what matters is that the approval itself was accepted.
        expect(code).withContext(output).toBe(6);
        expect(output).not.toContain('can be approved only');
    });

    it('is not believed when it is another program that asks', async () => {
        const call = await run(
            [
                'gdbus',
                'call',
                `--address=${service.environment.DBUS_SESSION_BUS_ADDRESS ?? ''}`,
                '--dest=org.reevedesktop.Reeve1',
                `--object-path=/org/reevedesktop/Reeve1/incident/${number}`,
                '--method=org.reevedesktop.Reeve1.Incident.Dismiss',
                '{}',
            ],
            { env: service.environment },
        );

        expect(call.code).not.toBe(0);
        expect(call.errors).toContain('org.reevedesktop.Reeve1.Error.NotAuthorized');
    });

    it('answers, streaming, with evidence', async () => {
        const { code, output } = await service.reeve('ask', 'how', 'long', 'has', 'this', 'been', 'running');

        expect(code).toBe(0);
        expect(output).toContain('/proc/uptime');
    });

    it('takes a question from its input, and refuses one that is too long', async () => {
        const ask = (input: string) =>
            run([`${service.built}/bin/reeve`, 'ask', '--json'], { env: service.environment, input });

        expect((await ask('what uses memory?\n')).code).toBe(0);
        const tooLong = await ask('why? '.repeat(2_000_000));
        expect(tooLong.code).toBe(2);
        expect(JSON.parse(tooLong.output)).toEqual(jasmine.objectContaining({ error: 'TooLarge' }));
    });

    it('keeps a conversation that is wanted', async () => {
        const { value } = await json('ask', '--conversation', 'new', 'help');

        expect(value.answerer).toBe('built-in');
        expect(value.conversation).toBeGreaterThan(0);
        const again = await json('ask', '--conversation', String(value.conversation), 'help');
        expect(again.value.conversation).toBe(value.conversation);
        expect((await json('ask', 'help')).value.conversation).toBe(0);
    });

    it('names options of a question that are wrong, and says when only a model could answer', async () => {
        const codeOf = async (...args: string[]) => (await service.reeve('ask', ...args, 'help')).code;

        expect(await codeOf('--conversation', 'x')).toBe(2);
        expect(await codeOf('--deadline', '0')).toBe(2);
        expect(await codeOf('--schema', '/nowhere/at/all')).toBe(2);
        expect(await codeOf('--incident', '9999')).toBe(5);
        expect(await codeOf('--file', '/nowhere/at/all')).toBe(5);
        expect(await codeOf('--file', '/etc/os-release')).toBe(6);
        expect(await codeOf('--model', 'built-in')).toBe(0);
    });

    it('says that it cannot answer what it cannot answer', async () => {
        const { code, value } = await json('ask', 'who will win the election');

        expect(code).toBe(1);
        expect(value.topic).toBe('none');
    });

    it('gives up an answer at Ctrl+C', async () => {
        await using connection = await Connection.open({
            address: service.environment.DBUS_SESSION_BUS_ADDRESS ?? '',
        });
        const isAnswering = () => connection.getProperty(busName, rootPath, `${busName}.Manager`, 'Answering');
        // The load of the processor is measured over a while.
        const asking = startProgram([`${service.built}/bin/reeve`, 'ask', 'what is using the processor', '--json'], {
            env: service.environment,
        });
        while (!(await isAnswering())) continue;

        asking.child.kill('SIGINT');

        const { code, output } = await asking.ended;
        expect(code).toBe(130);
        expect(JSON.parse(output)).toEqual(jasmine.objectContaining({ outcome: 'cancelled' }));
        expect(await isAnswering()).toBeFalse();
    });

    it('pauses and resumes', async () => {
        expect((await service.reeve('pause')).code).toBe(0);
        expect((await json('status')).value.state).toBe('paused');
        expect((await service.reeve('ask', 'help')).code).toBe(6);
        expect((await service.reeve('resume')).code).toBe(0);
        expect((await json('status')).value.state).not.toBe('paused');
    });

    it('lists and verifies what was done', async () => {
        expect((await json('audit')).value.entries).toContain(jasmine.objectContaining({ event: 'sample' }));
        expect((await json('audit', 'verify')).value).toEqual(jasmine.objectContaining({ ok: true }));
        expect((await service.reeve('timeline', '--since', '1h')).code).toBe(0);
        expect((await service.reeve('doctor')).output).toContain('Audit log');
    });

    it('says once that there is no system bus', async () => {
        const checks = z.array(z.looseObject({ id: z.string() })).parse((await json('doctor')).value.checks);
        const ids = checks.map(({ id }) => id);

        expect(ids).toContain('system-bus-missing');
        expect(ids).not.toContain('system-bus');
        expect(ids).not.toContain('source-systemd-system');
        expect(ids.includes('source-journal')).not.toBe(ids.includes('journal-unreadable'));
    });

    it('says when its output cannot be written', async () => {
        const onto = (redirection: string) =>
            run(['sh', '-c', `"$0" --help ${redirection}`, `${service.built}/bin/reeve`], { env: service.environment });

        const { code, errors } = await onto('> /dev/full');
        expect(code).toBe(6);
        expect(errors).toMatch(/^reeve: Cannot write the output: .*\n$/);
        expect((await onto('> /dev/full 2> /dev/full')).code).toBe(6);
    });

    it('ends quietly when nobody reads on', async () => {
        const { code, errors } = await run(['sh', '-c', '"$0" --help | head -n 1', `${service.built}/bin/reeve`], {
            env: service.environment,
        });

        expect(code).toBe(0);
        expect(errors).toBe('');
    });
});

describe('reeve dismiss', () => {
    it('closes an incident, on a terminal only', async () => {
        await using service = await startBuiltService({ prepare: storeSample });
        const incidents = async () => (await service.reeve('incidents')).output;

        expect((await service.reeve('dismiss', '1')).code).toBe(4);
        expect(await incidents()).toContain('sample.service');
        expect((await service.reeveOnTerminal(['dismiss', '1'], '')).code).toBe(0);
        expect(await incidents()).not.toContain('sample.service');
    }, 60_000);

    it('for ever can be looked up and taken back', async () => {
        await using service = await startBuiltService({ prepare: storeSample });
        const muted = async () => JSON.parse((await service.reeve('muted', '--json')).output) as unknown;

        expect((await service.reeveOnTerminal(['dismiss', '1', '--forever'], '')).output).toContain(
            'reeve unmute sample.service',
        );
        expect(await muted()).toEqual({
            muted: [
                { family: 'sample', scope: 'system', subject: 'sample.service', since: jasmine.stringMatching(/Z$/) },
            ],
        });
        expect((await service.reeve('muted')).output).toContain('sample.service');
        expect((await service.reeve('unmute', 'other.service')).code).toBe(5);
        expect((await service.reeve('unmute', 'sample.service')).code).toBe(0);
        expect(await muted()).toEqual({ muted: [] });
    }, 60_000);
});

describe('reeve pause', () => {
    it('leaves no process of Reeve but the service, and no socket to anywhere', async () => {
        await using service = await startBuiltService();
        const own = () => withDescendants(service.pid).filter(isRunning);
        const until = async (isSo: () => boolean) => {
            while (!isSo()) await wait(50);
        };
        const state = async () => {
            const { output } = await service.reeve('status', '--json');
            return z.object({ state: z.string() }).parse(JSON.parse(output)).state;
        };
        while ((await state()) === 'starting') await wait(200);
        await until(() => own().length > 1);
        const paused = await service.reeve('pause');
        expect(paused.code).withContext(paused.errors).toBe(0);
        await until(() => own().length === 1);
        const { output } = await service.reeve('doctor', '--privacy', '--json');
        const { checks } = z
            .object({ checks: z.array(z.looseObject({ id: z.string(), detail: z.string() })) })
            .parse(JSON.parse(output));
        const detail = (id: string) => checks.find(check => check.id === id)?.detail;
        expect(detail('privacy-processes')).toMatch(new RegExp(`^[^,]+ \\(${service.pid}\\)$`));
        expect(detail('privacy-connections')).toBe('No internet socket is open in 1 process');
    }, 90_000);
});

describe('reeve backup', () => {
    it('saves what the running service has, and is restored only when that rests', async () => {
        await using service = await startBuiltService({ prepare: storeSample });
        const file = join(service.environment.HOME ?? '', 'saved.sqlar');
        const made = JSON.parse((await service.reeve('backup', file, '--json')).output) as unknown;
        expect(made).toEqual(jasmine.objectContaining({ path: file, models: [] }));
        expect((await service.reeve('backup', file)).code).toBe(6);

        const restored = await service.reeve('restore', file);
        expect([restored.code, restored.errors]).toEqual([4, jasmine.stringMatching(/in a terminal/)]);
        const running = await service.reeve('restore', file, '--yes');
        expect([running.code, running.errors]).toEqual([6, jasmine.stringMatching(/Another Reeve of this user/)]);
        expect((await service.reeve('restore', `${file}.missing`, '--yes')).code).toBe(5);
        process.kill(service.pid, 'SIGTERM');
        const ended = async () => {
            for (;;) {
                const { code, output } = await service.reeve('restore', file, '--yes', '--json');
                if (code !== 6) return output;
            }
        };
        expect(JSON.parse(await ended())).toEqual(jasmine.objectContaining({ restored: true, missing: [] }));
    }, 90_000);
});
