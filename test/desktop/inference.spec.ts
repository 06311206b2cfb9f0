// A language model on a real desktop, from the file that is imported to the process that is gone: over the bus, from a terminal
// and in the quick chat. One model looks the memory up and says a sentence, the other one goes on and on.
import * as z from 'zod';

import { answerBegins, writingModel } from '../support/writingModel.ts';
import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { allowSuspend, inferenceProcess, inMemoryAtSleep, suspend } from './faults.ts';
import { describeOn, eachSystemd, itOn, once, patience } from './onDesktops.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/inference/', import.meta.url).pathname;
const busName = 'org.reevedesktop.Reeve1';
const root = '/org/reevedesktop/Reeve1';
const reeve = `${alice.home}/.local/bin/reeve`;
const installer = ['/opt/reeve-build/lib/node', '/opt/reeve-build/lib/install.mjs'];
/** Of `systemd-analyze security`; docs/security.md says the same. */
const allowedExposure = 2;
/** Minutes: the minimum. */
const configuration = '[notifications]\nper_hour = 100\n[model]\nunload_after = 1\n';
/** A question that no built-in answer covers. */
const question = 'compare the moods of two penguins';
const files = {
    rambler: `${alice.home}/rambler.gguf`,
    writer: `${alice.home}/writer.gguf`,
};
/** In node-llama-cpp's way of calling for templates that have none of their own (ChatWrapper.defaultSettings). */
const lookUpMemory = [
    [answerBegins, '||call:'],
    [' ', 'memory', '\n'],
    ['(', '{}', '\n'],
    ['\n', 'There is enough', ' memory', '.'],
];
const goOnAndOn = [
    [answerBegins, 'On'],
    ['On', ' and', ' on', ' and'],
];
const entry = 'Ask about this computer';
/** Milliseconds: beside other programs the two threads of a model wait for each other most of the time. */
const slowModel = 60_000;
/** For specs in which a model is waited for more than once. Milliseconds. */
const several = 2 * patience;
const evidence = /^\d+ pieces? of evidence$/;

/**
 * Asks the model that goes on and on in the background, and does something as soon as the first words are there; then
 * waits for the end, and prints the exit status in its last line: a unit that fails is an incident.
 */
const meanwhile = `
rm -f /tmp/said
"$0" ask --model Rambler "$1" >/tmp/said & asked=$!
shift
until test -s /tmp/said; do kill -0 "$asked" || break; sleep 0.05; done
asked="$asked" sh -c "$1"
wait "$asked"
echo "exit status $?"
`;

const asked = z.object({
    outcome: z.string(),
    answer: z.string(),
    answerer: z.string(),
    steps: z.array(z.object({ tool: z.string(), failed: z.boolean(), touched: z.array(z.string()) })),
    evidence: z.array(z.object({ origin: z.string(), message: z.string() })),
});

const privacy = z.object({
    checks: z.array(z.object({ id: z.string(), status: z.string(), detail: z.string() })),
});

// On each systemd: it runs the model, and lets it go before a sleep. How the quick chat draws answers `conversations` has.
describeOn(eachSystemd, 'A language model', suite => {
    let desktop: Desktop;
    let service: ServiceClient;
    let screen: Screen;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const user = async (...argv: string[]) => (await desktop.user(argv, { timeout: slowModel })).stdout.trim();
    const ask = async (...argv: string[]) => asked.parse(JSON.parse(await user(reeve, 'ask', '--json', ...argv)));
    /** @param action a line of shell; $asked is the process that asks. @returns its exit status and what it complained of */
    const askAnd = async (action: string) => {
        const argv = ['sh', '-c', meanwhile, reeve, question, action];
        // The first words may take as long as a whole answer, and what is done about them comes after that.
        const { stdout, stderr } = await desktop.user(argv, { timeout: 2 * slowModel });
        return { code: Number(/^exit status (\d+)$/m.exec(stdout)?.[1]), stderr };
    };
    /** Quicker than `user`, for what needs nothing of her session. */
    const query = async (...argv: string[]) => (await desktop.query(argv)).stdout.trim();
    /** By itself GIO gives up after 25 seconds (gio/gdbusconnection.c, GNOME/glib), and a model may need longer. */
    const gdbus = async (member: string, ...values: string[]) => {
        const target = ['--dest', busName, '--object-path', root, '--method', `${busName}.${member}`];
        const argv = ['gdbus', 'call', '--session', '--timeout', String(slowModel / 1000), ...target, ...values];
        return (await desktop.query(argv, { timeout: slowModel + 5000 })).stdout.trim();
    };
    const workers = async () => {
        const units = ['list-units', '--all', '--plain', '--no-legend', 'reeve-inference*'];
        return (await query('systemctl', '--user', ...units)).split('\n').filter(line => line !== '');
    };
    // The unit goes after its process, and the incident's update comes later still.
    const untilNoWorker = async (timeout = 20_000) => {
        await until('the worker is gone', async () => (await workers()).length === 0, { timeout, every: 500 });
    };
    const untilAnswererIs = (name: string) =>
        until(`the answerer is ${name}`, async () => (await service.property('Answerer')) === name);
    const mainPid = () => query('systemctl', '--user', 'show', '--property=MainPID', '--value', 'reeve.service');
    /** @param before what was there to be read before the question; an earlier answer may have the same words */
    const untilSaid = (text: string, before: string[] = []) =>
        until(
            `“${text}” is said`,
            async () => (await desktop.names()).some(name => name.includes(text) && !before.includes(name)),
            { timeout: slowModel },
        );
    const untilNothingIsAsked = () =>
        until('nothing is asked', async () => (await service.property('Answering')) === false);

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, {
            [`${alice.home}/.config/reeve/config.toml`]: configuration,
        });
        service = new ServiceClient(desktop);
        screen = new Screen(desktop);
        await allowSuspend(desktop);
        await desktop.writeFile(files.rambler, writingModel('Rambler', goOnAndOn));
        await desktop.writeFile(files.writer, writingModel('Writer', lookUpMemory));
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
    });

    it('is imported from a terminal and over the bus, and starts nothing', async () => {
        expect(await service.property('Answerer')).toBe('No model: built-in answers only');
        expect(await user(reeve, 'models', 'import', files.writer)).toBe('writer is installed.');
        expect(await gdbus('Models.Import', files.rambler, '{}')).toContain(`${root}/request/`);
        await until('both are installed', async () => {
            const { installed } = JSON.parse(await user(reeve, 'models', '--json')) as { installed: { id: string }[] };
            return installed.map(({ id }) => id).join() === 'rambler,writer';
        });
        expect(await user(reeve, 'models', 'use', 'writer')).toContain('For hard questions: Writer');
        await untilAnswererIs('Writer');
        expect(await workers()).toEqual([]);
    });

    itOn(
        once,
        suite,
        'looks something up, answers, and shows what the answer rests on',
        async () => {
            const { outcome, answer, answerer, steps, evidence } = await ask(question);

            expect([outcome, answer, answerer]).toEqual(['success', 'There is enough memory.', 'Writer']);
            expect(steps.map(({ tool, failed }) => [tool, failed])).toEqual([['memory', false]]);
            expect(steps[0]?.touched).toContain('/proc/meminfo');
            expect(evidence.find(({ origin }) => origin === '/proc/meminfo')?.message).toMatch(/^MemTotal: \d+ kB/);
            expect(await gdbus('Assistant.AskAndWait', question, '{}')).toMatch(
                /^\('There is enough memory\.', \{.*'answerer': <'Writer'>/,
            );
            await untilAnswererIs('Writer on the processor: There is no GPU that can be used.');
            expect(await user(reeve, 'status')).toContain('Writer on the processor: There is no GPU that can be used.');
        },
        several,
    );

    it(
        'runs in a unit of its own, which dies first and leaves nothing of what was said',
        async () => {
            // It may have been idle for a minute by now.
            await ask(question);
            const [line = '', ...others] = await workers();
            expect(others).toEqual([]);
            const [unit = ''] = line.split(' ');
            const show = (property: string) =>
                query('systemctl', '--user', 'show', `--property=${property}`, '--value', unit);
            const pid = await show('MainPID');
            const read = (file: string) => query('cat', `/proc/${pid}/${file}`);

            const security = await query('systemd-analyze', '--user', 'security', '--no-pager', unit);
            expect(Number(/exposure level for \S+: ([\d.]+)/.exec(security)?.[1])).toBeLessThanOrEqual(allowedExposure);
            expect(await show('BindsTo')).toContain('reeve.service');
            expect(await show('RestrictAddressFamilies')).toMatch(/^AF_(UNIX AF_NETLINK|NETLINK AF_UNIX)$/);
            expect(await read('cgroup')).toMatch(new RegExp(`/${unit}$`));
            expect(await read('oom_score_adj')).toBe('1000');
            expect(await read('coredump_filter')).toBe('00000000');
            expect(await read('limits')).toMatch(/^Max core file size +0 +0 /m);
            expect(await read('status')).toMatch(/^CapBnd:\t0+$[^]*^NoNewPrivs:\t1$/m);
        },
        several,
    );

    it(
        'sees nothing of the home directory but the model, no bus, and no network',
        async () => {
            await ask(question);
            const [line = ''] = await workers();
            const pid = await query(
                'systemctl',
                '--user',
                'show',
                '--property=MainPID',
                '--value',
                line.split(' ')[0] ?? '',
            );
            const inside = (...command: string[]) =>
                desktop.exec(['nsenter', '--target', pid, '--mount', '--net', ...command]);

            const files = (await inside('find', '/home', '-type', 'f', '-not', '-path', '*/lib/*')).stdout
                .trim()
                .split('\n');
            expect(files.filter(path => !/\/models\/writer\/model\.gguf$|\.prefix$/.test(path))).toEqual([]);
            expect((await inside('ls', '/run/user')).stdout).toBe('');
            expect((await inside('ls', '/run/dbus')).stdout).toBe('');
            expect((await inside('cat', '/proc/net/dev')).stdout.match(/^ *\w+:/gm)?.map(name => name.trim())).toEqual([
                'lo:',
            ]);
        },
        several,
    );

    it(
        'is counted by `reeve doctor --privacy`, with nothing open to elsewhere, and ended by a pause',
        async () => {
            await ask(question);
            const report = privacy.parse(JSON.parse(await user(reeve, 'doctor', '--privacy', '--json')));
            const [line = ''] = await workers();
            const worker = await query(
                'systemctl',
                '--user',
                'show',
                '--property=MainPID',
                '--value',
                line.split(' ')[0] ?? '',
            );

            const details = new Map(report.checks.map(({ id, detail }) => [id, detail]));
            const pids = [...(details.get('privacy-processes') ?? '').matchAll(/\((\d+)\)/g)].map(([, pid]) => pid);
            expect(pids).toEqual(jasmine.arrayContaining([await mainPid(), worker]));
            expect(report.checks.filter(({ status }) => status === 'problem')).toEqual([]);
            expect(details.get('privacy-connections')).toMatch(/^No internet socket is open in \d+ processes$/);
            // As the kernel tells another program.
            const { stdout } = await desktop.exec([
                'ss',
                '--no-header',
                '--all',
                '--tcp',
                '--udp',
                '--raw',
                '--processes',
            ]);
            expect(pids.filter(pid => stdout.includes(`pid=${pid},`))).toEqual([]);

            await user(reeve, 'pause');
            await untilNoWorker();
            expect(await query('sh', '-c', `pgrep --full "${inferenceProcess}" || true`)).toBe('');
            await user(reeve, 'resume');
            expect((await ask(question)).answer).toBe('There is enough memory.');
        },
        several,
    );

    itOn(
        once,
        suite,
        'stops when who asked stops it, and answers the next',
        async () => {
            expect((await askAnd('kill -INT "$asked"')).code).toBe(130);
            expect((await ask(question)).outcome).toBe('success');
        },
        several,
    );

    itOn(once, suite, 'stops when who asked is gone', async () => {
        const left = await gdbus('Assistant.Ask', question, "{'model': <'Rambler'>}");

        expect(left).toContain(`${root}/request/`);
        await untilNothingIsAsked();
    });

    itOn(once, suite, 'answers two who ask at the same time', async () => {
        const answers = await Promise.all([ask(question), ask('compare the moods of two seals')]);

        expect(answers.map(({ answer }) => answer)).toEqual(['There is enough memory.', 'There is enough memory.']);
    });

    itOn(
        once,
        suite,
        'is asked in the quick chat, and shows there what it looked at',
        async () => {
            await screen.openWithKey();
            await screen.untilFocused(entry);
            await desktop.type(`${question}\n`);
            await untilSaid('There is enough memory.');
            await screen.untilShown('There is enough memory.', '1 look-up', 'Written by Writer');
            await screen.tabTo('1 look-up', 'Shift+Tab');
            await desktop.key('Return');
            await screen.untilShown('Memory', /\/proc\/meminfo/);
            await picture('looked');
            await screen.tabTo(evidence);
            await desktop.key('Return');
            await screen.untilShown(/MemTotal: \d+ kB/);
            await picture('evidence');
            await screen.close();
        },
        several,
    );

    itOn(
        once,
        suite,
        'streams into the quick chat, is stopped there, and says what became of it when it is killed',
        async () => {
            await user(reeve, 'models', 'use', 'rambler');
            await screen.openWithKey();
            await screen.untilFocused(entry);
            await desktop.type(`${question}\n`);
            await untilSaid('On and on and on');
            await screen.untilShown('Stop');
            await picture('streams');
            await screen.tabTo('Stop');
            await desktop.key('Return');
            await screen.untilShown('Stopped', 'Send');
            await untilNothingIsAsked();

            await screen.tabTo(entry);
            const before = await desktop.names();
            await desktop.type('tell me about two other penguins\n');
            await screen.untilShown('Stop');
            await untilSaid('On and on', before);
            await user('systemctl', '--user', 'kill', '--signal=KILL', 'reeve-inference*');
            await screen.untilShown(/^The process that ran Rambler ended unexpectedly/, 'Send');
            await picture('killed');
            await screen.close();
            await user(reeve, 'models', 'use', 'writer');
        },
        several,
    );

    itOn(
        once,
        suite,
        'that is killed in the middle of an answer costs that answer and nothing else',
        async () => {
            const before = await mainPid();

            const { code, stderr } = await askAnd("systemctl --user kill --signal=KILL 'reeve-inference*'");

            expect(code).toBe(6);
            expect(stderr).toContain('The process that ran Rambler ended unexpectedly. Ask again.');
            expect(await mainPid()).toBe(before);
            expect((await ask(question)).answer).toBe('There is enough memory.');
            expect(await user('systemctl', '--user', '--failed', '--plain', '--no-legend')).not.toContain('inference');
        },
        several,
    );

    it(
        'leaves memory before a suspend, with the answer, and comes back after it',
        async () => {
            const inhibitors = async () => (await desktop.exec(['systemd-inhibit', '--list', '--no-pager'])).stdout;
            const answer = askAnd('touch /tmp/speaks');
            await until('it speaks', async () => (await query('ls', '/tmp')).includes('speaks'), {
                timeout: slowModel,
            });
            const held = /^Reeve .* sleep +Unloading the language model +delay$/m;
            await until('a suspend would wait for it', async () => held.test(await inhibitors()));
            const inMemory = ['pgrep', '--full', inferenceProcess];
            expect((await desktop.exec(inMemory)).stdout).toMatch(/^\d+\n/);

            await suspend(desktop);
            expect((await desktop.readFile(inMemoryAtSleep)).toString()).toBe('');

            const { code, stderr } = await answer;
            expect(code).toBe(6);
            expect(stderr).toContain('The computer was suspended while the model answered. Ask again.');
            await untilNoWorker();
            await until('no suspend would wait', async () => !(await inhibitors()).includes('Reeve'));
            expect((await ask(question)).answer).toBe('There is enough memory.');
        },
        several,
    );

    // The minimum is a minute.
    itOn(
        once,
        suite,
        'is gone when nobody has asked for a while',
        async () => {
            await ask(question);
            expect((await workers()).length).toBe(1);
            await untilNoWorker(90_000);
            await untilAnswererIs('Writer');
        },
        several,
    );

    it(
        'goes with the service',
        async () => {
            await ask(question);
            const said = await user(...installer, '--uninstall');

            // Gigabytes that somebody paid for with their time.
            expect(said).toContain(`Your data stays in ${alice.home}/.local/share/reeve`);
            await untilNoWorker();
            expect(await query('sh', '-c', `pgrep --full "${inferenceProcess}" || true`)).toBe('');
        },
        several,
    );
});
