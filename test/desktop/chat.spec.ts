// The quick chat by keyboard alone, its accessible names, and the same questions from a script.
import type { AccessibleNode, Desktop } from './desktop.ts';
import { failingUnits, failUnit } from './failingUnits.ts';
import { describeOnDesktops, eachSystemd, itOn, once, patience } from './onDesktops.ts';
import { bootWithReeve, Screen } from './support/screen.ts';
import { ServiceClient } from './support/serviceClient.ts';
import { until } from './waiting.ts';

const pictures = new URL('../out/desktop/chat/', import.meta.url).pathname;
const busName = 'org.reevedesktop.Reeve1';
const root = '/org/reevedesktop/Reeve1';
const unit = 'sample-exit.service';
const entry = 'Ask about this computer';
const evidence = /^\d+ pieces? of evidence$/;

/** Roles of what can be pressed, in the words of AT-SPI; those of a plain button differ between its versions. */
const buttons = new Set(['push button', 'button', 'toggle button']);

function* nodesOf(node: AccessibleNode): Generator<AccessibleNode> {
    yield node;
    for (const child of node.children) yield* nodesOf(child);
}

/** On a quick machine nothing else would hold up the start for long enough to be named. */
const slowStart = {
    '/etc/systemd/system/sample-wait.service': '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep 3\n',
    '/etc/systemd/system/multi-user.target.d/wait.conf':
        '[Unit]\nWants=sample-wait.service\nAfter=sample-wait.service\n',
};

// On each Shell: keys, focus and what a screen reader gets. The service answers alike everywhere.
describeOnDesktops('The quick chat', suite => {
    let desktop: Desktop;
    let screen: Screen;
    const picture = (name: string) => desktop.screenshot(`${pictures}${suite}-${name}.png`);
    const gdbus = (path: string, member: string, ...values: string[]) => {
        const target = ['--dest', busName, '--object-path', path, '--method', `${busName}.${member}`];
        return desktop.user(['gdbus', 'call', '--session', ...target, ...values], { mayFail: true, timeout: 60_000 });
    };

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, { ...failingUnits, ...slowStart });
        screen = new Screen(desktop);
        await failUnit(desktop, unit);
        await new ServiceClient(desktop).untilIncident(unit, ({ Cause }) => Cause.includes('stuck'));
        await screen.untilIndicatorSays('Reeve: 1 problem');
        await screen.clearNotifications();
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);
    beforeEach(async () => {
        await screen.openWithKey();
        await screen.untilFocused(entry);
    });
    afterEach(async () => {
        expect(await desktop.errors()).toEqual([]);
        await screen.close();
    });

    it('answers what is typed, shows what it rests on, and recalls the question', async () => {
        await desktop.type('what failed\n');
        await screen.untilShown('what failed', /^1 thing has failed/, /the gears are stuck/, 'Send');
        await screen.untilFocused(entry);
        const shift = await screen.tabTo(evidence, 'Shift+Tab');
        expect(shift).not.toContain('');
        await desktop.key('Return');
        await screen.untilShown(/sample-exit\.service/, /· systemd/);
        await picture('answer');
        await screen.tabTo(entry);
        await desktop.key('Up');
        await desktop.waitFor("global.stage.get_key_focus().text === 'what failed'");
        await desktop.key('Down');
        await desktop.waitFor("global.stage.get_key_focus().text === ''");
    });

    itOn(once, suite, 'stops an answer that takes long', async () => {
        const signal = (name: string) =>
            desktop.exec(['systemctl', 'kill', `--signal=${name}`, 'NetworkManager.service']);
        await signal('SIGSTOP');
        await desktop.type('is the network up\n');
        await screen.untilShown('is the network up', 'Stop');
        await desktop.key('Tab');
        await screen.untilFocused('Stop');
        await desktop.key('Return');
        await screen.untilShown('Stopped');
        await picture('stopped');
        await screen.untilShown('Send');
        await signal('SIGCONT');
    });

    itOn(once, suite, 'says what it can do when it does not understand', async () => {
        await desktop.type('sing me a song about the sea\n');
        await screen.untilShown(/sing me a song about the sea/, /cannot answer that without a language model/, 'Send');
        await picture('not-understood');
    });

    itOn(once, suite, 'asks which question is meant, with a button for each', async () => {
        await desktop.type('hertz please\n');
        await screen.untilShown(/Do you mean this\?/, 'Which monitors are connected?', 'Send');
        await picture('choice');
        await screen.tabTo('Which monitors are connected?', 'Shift+Tab');
        await desktop.key('Return');
        await screen.untilShown(/Hz|[Mm]onitor/, 'Send');
        await picture('chosen');
    });

    it('is closed by Escape, and by the key that opened it', async () => {
        await desktop.key('Escape');
        await screen.untilClosed();
        await screen.openWithKey();
        await desktop.key('Super+space');
        await screen.untilClosed();
        await screen.openWithKey();
    });

    it('leads Tab to every control, and back to the entry', async () => {
        await screen.untilShown('Apply', 'Send');
        const all = await screen.controls();
        expect(all).not.toContain('');
        const reached = await screen.tabTo(entry);
        expect(new Set(reached)).toEqual(new Set(all));
        expect(all).toEqual(jasmine.arrayContaining(['Apply', 'Not now', 'Exact change', 'Pause', 'Preferences']));
        const back = await screen.tabTo(entry, 'Shift+Tab');
        expect(new Set(back)).toEqual(new Set(all));
    });

    it('does nothing on a second Return that nobody has read the first of', async () => {
        await screen.untilShown('Apply', 'Send');
        await screen.tabTo('Never for this');
        await desktop.key('Return');
        await desktop.key('Return');
        await screen.untilFocused(`Never report ${unit} again?`);
        expect(await desktop.names()).toContain('Never report');
        await screen.tabTo('Back');
        await desktop.key('Return');
        await desktop.key('Return');
        await screen.untilFocused(`Restart ${unit}`);
        await screen.untilShown('Apply');
        expect(await screen.tabTo('Apply')).toEqual(['Exact change', 'Apply']);
        await screen.tabTo(entry);
    });

    it('is named for a screen reader', async () => {
        const tree = await desktop.accessibilityTree();
        const nodes = [...nodesOf(tree)].filter(({ states }) => states.includes('showing'));
        const names = nodes.filter(({ role }) => buttons.has(role)).map(({ name }) => name);
        expect(names).toEqual(jasmine.arrayContaining(['Apply', 'Exact change', 'Pause', 'Preferences']));
        const holder = nodes.find(({ name }) => name === entry);
        expect(holder?.children.some(({ states }) => states.includes('editable'))).toBeTrue();
        expect(nodes.find(({ name }) => name === 'Reeve: 1 problem')?.role).toBe('menu');
        expect(
            nodes.some(({ name, text }) => [name, text].includes('Sample that exits with an error failed')),
        ).toBeTrue();
    });

    itOn(eachSystemd, suite, 'says what the start waited for, and who keeps the computer awake', async () => {
        // systemd reports this only after the last job of the start; the unit that fails makes it "degraded".
        const isRunning = ['systemctl', 'is-system-running', '--wait'];
        const { stdout: state } = await desktop.exec(isRunning, { timeout: 60_000, mayFail: true });
        expect(state).toMatch(/^(running|degraded)$/m);
        const start = await gdbus(root, 'Assistant.AskAndWait', 'why is the start so slow', '{}');
        expect(start.stdout).toMatch(/Startup took [\d.]+ seconds?, until the last service was up/);
        expect(start.stdout).toMatch(/What it waited for[^']*`[\w@.\\-]+\.[a-z]+`: [\d.]+ seconds?/);
        const lock = ['systemd-inhibit', '--what=sleep', '--mode=block', '--who=Backup', '--why=Copying your files'];
        await desktop.exec(['systemd-run', '--unit=sample-backup', '--', ...lock, 'sleep', 'infinity']);
        try {
            await until('the lock is known', async () => {
                const { stdout } = await gdbus(root, 'Assistant.AskAndWait', 'what keeps the computer awake', '{}');
                return stdout.includes('- `Backup`: Copying your files');
            });
        } finally {
            await desktop.exec(['systemctl', 'stop', 'sample-backup.service']);
        }
    });

    itOn(once, suite, 'answers a script, and takes no approval from one', async () => {
        const answer = await gdbus(root, 'Assistant.AskAndWait', 'what failed', '{}');
        expect(answer.code).toBe(0);
        expect(answer.stdout).toContain('1 thing has failed');
        expect(answer.stdout).toContain("'topic': <'failures'>");
        const objects = await desktop.user([
            ...['gdbus', 'call', '--session', '--dest', busName, '--object-path', root],
            ...['--method', 'org.freedesktop.DBus.ObjectManager.GetManagedObjects'],
        ]);
        const [, proposal = ''] = /'([\w/]+\/proposal\/\d+)'/.exec(objects.stdout) ?? [];
        const [, digest = ''] = /'Digest': <'([0-9a-f]{64})'>/.exec(objects.stdout) ?? [];
        expect(digest.length).toBe(64);
        for (const member of ['Proposal.Apply', 'Proposal.Undo']) {
            const refusal = await gdbus(proposal, member, digest, '{}');
            expect(refusal.code).not.toBe(0);
            expect(refusal.stderr).toContain(`${busName}.Error.NotAuthorized`);
        }
    });
});
