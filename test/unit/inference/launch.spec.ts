import { isolation, pathsIn, programPaths } from '../../../service/inference/local/isolation.ts';
import { launch, ownUnit, readUnitEnd } from '../../../service/inference/local/launch.ts';

const program = { node: '/opt/node', flags: ['--quiet'], script: '/opt/inference.mjs' };

describe('Starting a worker', () => {
    it('finds the unit of the service, under either kind of cgroups', () => {
        const path = '/user.slice/user-1000.slice/user@1000.service/app.slice/reeve.service';

        expect(ownUnit(`0::${path}\n`)).toBe('reeve.service');
        expect(ownUnit(`9:name=systemd:/\n1:cpu:/\n0::${path}\n`)).toBe('reeve.service');
        expect(ownUnit(`1:name=systemd:${path}\n0::/\n`)).toBe('reeve.service');
    });

    it('finds none in a terminal, a container or a system service', () => {
        expect(ownUnit('0::/\n')).toBeNull();
        expect(ownUnit('0::/system.slice/sshd.service\n')).toBeNull();
        expect(
            ownUnit('0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-terminal.scope\n'),
        ).toBeNull();
    });

    it('is a unit of its own beside that of the service, which ends with it', () => {
        const { argv, kill } = launch(program, 'reeve.service', { VK_ICD_FILENAMES: '/x.json', SECRET: 'x' });

        expect(argv[0]).toBe('systemd-run');
        expect(argv).toContain('--property=BindsTo=reeve.service');
        expect(argv).toContain('--property=OOMScoreAdjust=1000');
        expect(argv).toContain('--property=LimitCORE=0');
        expect(argv).toContain('--property=MemorySwapMax=0');
        expect(argv.filter(argument => argument.startsWith('--setenv'))).toEqual(['--setenv=VK_ICD_FILENAMES']);
        expect(argv.slice(-4)).toEqual(['--', '/opt/node', '--quiet', '/opt/inference.mjs']);
        expect(argv).toContain(`--unit=${kill?.at(-1) ?? ''}`);
    });

    it('shows an isolated worker its program, the libraries of a driver, and the model, and lets it write to its own folders', () => {
        const environment = { LD_LIBRARY_PATH: '/home/alice/cuda/lib:relative' };
        const paths = {
            kind: 'namespaces' as const,
            reads: ['/home/alice/a model: "x".gguf'],
            writes: ['/home/alice/.cache/reeve/prefixes'],
        };
        const { argv } = launch(program, 'reeve.service', environment, paths);
        const bound = argv.filter(argument => /Bind.*Paths=/.test(argument));

        expect(argv).toContain('--property=ProtectHome=tmpfs');
        expect(argv).toContain('--property=PrivateNetwork=yes');
        expect(bound).toEqual([
            '--property=BindReadOnlyPaths=-"/opt"',
            '--property=BindReadOnlyPaths=-"/opt/node"',
            '--property=BindReadOnlyPaths=-"/home/alice/cuda/lib"',
            String.raw`--property=BindReadOnlyPaths=-"/home/alice/a model: \"x\".gguf"`,
            '--property=BindPaths=-"/home/alice/.cache/reeve/prefixes"',
        ]);
    });

    it('hides a home directory wherever it is', () => {
        const hidden = (home: string) =>
            isolation('namespaces', { reads: [], writes: [] }, home).properties.filter(name => name.includes('"'));
        expect(hidden('/home/alice')).toEqual([]);
        expect(hidden('/srv/people/alice')).toEqual(['TemporaryFileSystem="/srv/people/alice"']);
    });

    it('is kept from files by Landlock, and from buses and the network by a filter, where there are no namespaces', () => {
        const folder = import.meta.dirname;
        const file = import.meta.filename;
        const paths = { kind: 'landlock' as const, reads: [file, '/not/there'], writes: [folder] };
        const { argv } = launch(program, 'reeve.service', {}, paths);
        const rules = argv.filter((_word, index) => argv[index - 1] === '--landlock-rule');

        expect(argv.filter(word => word.startsWith('--property=RestrictAddressFamilies='))).toEqual([
            '--property=RestrictAddressFamilies=AF_NETLINK',
        ]);
        expect(argv.filter(word => /Private|Protect|Paths=/.test(word))).toEqual([]);
        expect(argv.slice(argv.indexOf('setpriv'), argv.indexOf('setpriv') + 2)).toEqual(['setpriv', '--no-new-privs']);
        expect(argv.slice(-4)).toEqual(['--', '/opt/node', '--quiet', '/opt/inference.mjs']);
        expect(rules).toContain('path-beneath:execute,read-file,read-dir:/usr');
        expect(rules).toContain(`path-beneath:execute,read-file:${file}`);
        expect(rules.filter(rule => rule.includes('make-reg')).map(rule => rule.split(':').at(-1))).toEqual([folder]);
        const others = rules.filter(rule => !rule.endsWith(`:${file}`) && !rule.endsWith(`:${folder}`));
        expect(others.filter(rule => /:\/(?:home|root|run|tmp|var|not)?(?:\/|$)/.test(rule))).toEqual([]);
        const filtered = launch(program, 'reeve.service', {}, { ...paths, kind: 'filter' }).argv;
        expect(filtered).not.toContain('setpriv');
        expect(filtered).toContain('--property=SystemCallErrorNumber=EPERM');
    });

    it('finds the packages that its program imports', () => {
        const script = new URL('../../../service/inference/worker/main.ts', import.meta.url).pathname;
        const root = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '');
        expect(programPaths({ node: '/opt/node', script })).toEqual([root, '/opt/node']);
        expect(pathsIn('/a:b:/c')).toEqual(['/a', '/c']);
    });

    it('is a plain child elsewhere, without what was meant for the service alone', () => {
        const { argv, environment, kill } = launch(program, null, {
            PATH: '/bin',
            NODE_OPTIONS: '-r x',
            MALLOC_ARENA_MAX: '1',
            GLIBC_TUNABLES: 'glibc.malloc.tcache_count=0',
        });

        expect(argv).toEqual(['/opt/node', '--quiet', '/opt/inference.mjs']);
        expect(environment).toEqual({ PATH: '/bin' });
        expect(kill).toBeNull();
    });

    it('is told by the manager how it ended, in words of systemd 257 and 262', () => {
        const said = (result: string, status: string) =>
            'Running as unit: reeve-inference-1-1.service; invocation ID: 0c22992643f140c19a946ebc4d2e2ba3\n' +
            `ggml_abort: no device\n          Finished with result: ${result}\n` +
            `Main processes terminated with: code=${status}\n               Service runtime: 37ms\n`;

        expect(readUnitEnd(said('success', 'killed, status=6/ABRT'))).toEqual({
            end: { how: 'SIGABRT', isStarved: false },
            words: 'ggml_abort: no device\n',
        });
        expect(readUnitEnd(said('oom-kill', 'killed, status=9/KILL')).end).toEqual({ how: 'SIGKILL', isStarved: true });
        expect(readUnitEnd(said('exit-code', 'exited, status=1/FAILURE')).end?.how).toBe('exit status 1');
        expect(readUnitEnd('out of luck\n')).toEqual({ end: null, words: 'out of luck\n' });
    });
});
