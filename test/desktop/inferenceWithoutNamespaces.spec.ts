// A language model where nobody may make user namespaces, as on Ubuntu: it answers, and Landlock and a filter confine its process.
import { launch } from '../../service/inference/local/launch.ts';
import { answerBegins, writingModel } from '../support/writingModel.ts';
import { alice } from './container.ts';
import type { Desktop } from './desktop.ts';
import { describeOn, eachSystemd, patience } from './onDesktops.ts';
import { bootWithReeve } from './support/screen.ts';

const reeve = `${alice.home}/.local/bin/reeve`;
const model = `${alice.home}/writer.gguf`;
const answering = [
    [answerBegins, 'There'],
    ['There', ' is enough', ' memory', '.'],
];
/** The service manager of the user, and so all that it starts, may make no user namespace: systemd.exec(5), "RestrictNamespaces=". */
const dropIn = '/etc/systemd/system/user@.service.d/no-namespaces.conf';

describeOn(eachSystemd, 'A language model without user namespaces', suite => {
    let desktop: Desktop;
    const user = async (...argv: string[]) =>
        (await desktop.user(argv, { timeout: patience, mayFail: true })).stdout.trim();

    beforeAll(async () => {
        desktop = await bootWithReeve(suite, { [dropIn]: '[Service]\nRestrictNamespaces=~user\n' });
        await desktop.writeFile(model, writingModel('Writer', answering));
        await user(reeve, 'models', 'import', model);
        await user(reeve, 'models', 'use', 'writer');
    }, patience);
    afterAll(async () => {
        await desktop.down();
    }, patience);

    it(
        'answers, in a process that Landlock confines',
        async () => {
            expect(await user('unshare', '--user', 'echo', 'made')).toBe('');
            expect(await user(reeve, 'ask', 'compare the moods of two penguins')).toContain('There is enough memory.');
            const listed = await user(
                'systemctl',
                '--user',
                'list-units',
                '--plain',
                '--no-legend',
                'reeve-inference*',
            );
            const [unit = ''] = listed.split(' ');
            const shown = await user(
                'systemctl',
                '--user',
                'show',
                '--property=ExecStart,RestrictAddressFamilies',
                unit,
            );
            expect(shown).toContain('setpriv --no-new-privs --landlock-access');
            expect(shown).toMatch(/^RestrictAddressFamilies=AF_NETLINK$/m);
        },
        2 * patience,
    );

    it(
        'reads and writes no other file there, and reaches no bus and no network',
        async () => {
            await desktop.writeFile(`${alice.home}/secret`, 'secret');
            const attempts = {
                read: `cat ${alice.home}/secret`,
                write: `echo > ${alice.home}/secret`,
                temporary: 'echo > /tmp/left',
                bus: 'busctl --user status',
                system: 'busctl status',
                network: 'bash -c ": > /dev/udp/127.0.0.1/9"',
            };
            const tries = Object.entries(attempts).map(
                ([name, command]) => `${command} >/dev/null 2>&1 && echo ${name}`,
            );
            const said = async (isConfined: boolean) => {
                const script = [...tries, 'echo end'].join('; ');
                const program = { node: '/usr/bin/sh', flags: ['-c', script], script: '/opt/nowhere/worker' };
                const isolated = { kind: 'landlock', reads: [], writes: [] } as const;
                const { argv } = launch(program, 'reeve.service', {}, isConfined ? isolated : null);
                // This machine may have a folder that the desktop lacks.
                const isOfNix = (word = '') => word.endsWith(':/nix/store');
                const there = argv.filter((word, index) => !isOfNix(word) && !isOfNix(argv[index + 1]));
                return (await user(...there)).split('\n');
            };
            expect(await said(true)).toEqual(['end']);
            expect((await said(false)).sort()).toEqual(['bus', 'end', 'read', 'system', 'temporary', 'write']);
        },
        2 * patience,
    );
});
