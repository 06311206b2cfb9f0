// What a command tries to get out of the sandbox. Each attempt prints ESCAPED when it succeeds, or does something that the test sees from
// outside. Those that can be tried outside without harm are: there each has to succeed, so that none fails for want of a program.
//
// Re-expressed from what others test in public: bubblewrap (tests/test-run.sh), Codex (linux-sandbox/tests), sandbox-runtime
// (test/sandbox), and a program of each function that GTFOBins lists.
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
    existsSync,
    linkSync,
    lstatSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    realpathSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Actions } from '../../../service/actions/actions.ts';
import { Connection } from '../../../service/dbus/connection.ts';
import type { Plan, Proposal } from '../../../service/model/proposal.ts';
import { SandboxedCommands, type CommandResult } from '../../../service/sandbox/sandboxedCommands.ts';
import { usualRunLimits } from '../../../service/sandbox/sandboxUnit.ts';
import { Contents } from '../../../service/store/contents.ts';
import { until } from '../../desktop/waiting.ts';
import { ensureHostPackages } from '../../support/hostPackages.ts';
import { managerOf, recordedUnits } from '../../support/recordedUnits.ts';
import { report } from '../../support/security/run.ts';
import { startSpawningManager, type SpawningManager } from '../../support/spawningManager.ts';

const missing = ensureHostPackages({ bwrap: 'bubblewrap', perl: 'perl-base', unshare: 'util-linux' });
const secret = 'the-words-of-the-secret';

/** What scripts may use; all of it is outside of the sandbox. */
type Outside = {
    home: string;
    folder: string;
    other: string;
    port: number;
    socket: string;
    abstract: string;
    pid: number;
};
type Attempt = {
    name: string;
    script: (outside: Outside) => string;
    /** It succeeds outside of a sandbox, as root or as anybody. */
    isReal?: true;
};

const ifSo = (command: string) => `${command} && echo ESCAPED`;
const connectBy = (address: string) =>
    `perl -MSocket -e 'socket(my $s, ${address.startsWith('pack_sockaddr_in') ? 'PF_INET' : 'PF_UNIX'}, SOCK_STREAM, 0) or exit 1; connect($s, ${address}) or exit 1; print "ESCAPED\\n"'`;
/** Numbers of calls differ between architectures. */
const isX64 = process.arch === 'x64';
/** Of a message queue and shared memory of System V. */
const key = 4711;

const attempts: Attempt[] = [
    // Reading what is not in the folder.
    { name: 'reads a file of the home directory', script: ({ home }) => `cat ${home}/secret`, isReal: true },
    { name: 'reads beside the folder by its parent', script: () => 'cat ../secret', isReal: true },
    {
        name: 'reads by the root of another process',
        script: ({ home, pid }) => `cat /proc/${pid}/root${home}/secret /proc/1/root${home}/secret`,
        isReal: true,
    },
    {
        name: 'reads by the folder of another process',
        script: ({ pid }) => `cat /proc/${pid}/cwd/secret`,
        isReal: true,
    },
    { name: 'reads by a link that lies in the folder', script: () => 'cat link', isReal: true },
    { name: 'reads by a link that it makes', script: ({ home }) => `ln -s ${home}/secret new; cat new`, isReal: true },
    {
        name: 'makes a second name of a file outside',
        script: ({ home }) => `ln ${home}/secret new; cat new`,
        isReal: true,
    },
    { name: 'lists the home directory', script: ({ home }) => ifSo(`ls ${home} | grep -q '^secret$'`), isReal: true },
    {
        name: 'finds it anywhere',
        script: () =>
            `find /home /root /tmp /var/tmp -xdev -maxdepth 4 -name secret -path '*reeve-escape*' -exec cat {} + 2>/dev/null`,
        isReal: true,
    },
    {
        name: 'reads the environment of another process',
        script: ({ pid }) => `tr '\\0' '\\n' < /proc/${pid}/environ`,
        isReal: true,
    },
    { name: 'reads its own environment', script: () => `env; tr '\\0' '\\n' < /proc/self/environ`, isReal: true },
    {
        name: 'reads the environment of what started it',
        script: () => `for p in /proc/[0-9]*; do tr '\\0' '\\n' < $p/environ; done`,
        isReal: true,
    },
    { name: 'reads the memory of the kernel', script: () => ifSo('head -c 1 /proc/kcore >/dev/null') },
    { name: 'reads the log of the kernel', script: () => ifSo('dmesg >/dev/null 2>&1') },
    { name: 'reads what is in /run', script: () => ifSo('ls /run | grep -q .') },
    { name: 'reads what is in /var', script: () => ifSo('ls /var/lib | grep -q .'), isReal: true },
    { name: 'reads /sys', script: () => ifSo('ls /sys/kernel | grep -q .'), isReal: true },
    {
        name: 'sees other processes',
        script: ({ pid }) => ifSo(`test -e /proc/${pid}/comm && grep -q sleep /proc/${pid}/comm`),
        isReal: true,
    },

    // Writing.
    {
        name: 'writes to the home directory',
        script: ({ home }) => `echo ESCAPED > ${home}/written; echo >> ${home}/.bashrc`,
        isReal: true,
    },
    { name: 'writes beside the folder', script: () => 'echo x > ../written', isReal: true },
    {
        name: 'changes a file outside by a second name in the folder',
        script: () => 'echo changed > hard',
        isReal: true,
    },
    { name: 'changes a file outside by a link in the folder', script: () => 'echo changed > linked', isReal: true },
    { name: 'writes to another folder', script: ({ other }) => `echo x > ${other}/written`, isReal: true },
    { name: 'writes to /tmp', script: () => 'echo x > /tmp/reeve-escape-written', isReal: true },
    { name: 'writes to /usr', script: () => ifSo('touch /usr/reeve-escape') },
    { name: 'writes to /etc', script: () => ifSo('touch /etc/reeve-escape') },
    { name: 'has a library loaded into every program', script: () => ifSo('touch /etc/ld.so.preload') },
    { name: 'writes to the root', script: () => ifSo('touch /reeve-escape') },
    { name: 'replaces the folder itself', script: ({ folder }) => `mv ${folder} ${folder}-moved`, isReal: true },
    { name: 'deletes the home directory', script: ({ home }) => `rm -rf ${home} 2>/dev/null`, isReal: true },
    { name: 'opens the folders above', script: ({ home }) => `chmod 777 ${home} ..`, isReal: true },
    { name: 'writes a kernel parameter', script: () => ifSo('echo x > /proc/sys/kernel/domainname') },
    { name: 'writes how cores are dumped', script: () => ifSo(`echo '|/tmp/x' > /proc/sys/kernel/core_pattern`) },
    { name: 'writes to sysrq', script: () => ifSo('echo h > /proc/sysrq-trigger') },
    { name: 'makes itself the last to be killed', script: () => ifSo('echo -1000 > /proc/self/oom_score_adj') },

    // Other processes.
    { name: 'kills another process', script: ({ pid }) => ifSo(`kill -9 ${pid}`), isReal: true },
    { name: 'kills everything that it sees', script: () => 'kill -9 -1' },
    { name: 'stops another process', script: ({ pid }) => ifSo(`kill -STOP ${pid}`), isReal: true },
    { name: 'renices another process', script: ({ pid }) => ifSo(`renice 19 ${pid} 2>/dev/null`), isReal: true },
    ...(isX64
        ? [
              {
                  name: 'traces another process',
                  script: ({ pid }: Outside) => `perl -e 'print "ESCAPED\\n" if syscall(101, 16, ${pid}, 0, 0) == 0'`,
                  isReal: true as const,
              },
              {
                  name: 'reads the memory of another process',
                  script: ({ pid }: Outside) => ifSo(`test -r /proc/${pid}/mem`),
                  isReal: true as const,
              },
              {
                  name: 'opens another process',
                  script: ({ pid }: Outside) => `perl -e 'print "ESCAPED\\n" if syscall(434, ${pid}, 0) >= 0'`,
                  isReal: true as const,
              },
              {
                  name: 'joins a message queue of the system',
                  script: () => `perl -e 'print "ESCAPED\\n" if syscall(68, ${key}, 0600) >= 0'`,
                  isReal: true as const,
              },
              {
                  name: 'joins shared memory of the system',
                  script: () => `perl -e 'print "ESCAPED\\n" if syscall(29, ${key}, 4096, 0600) >= 0'`,
                  isReal: true as const,
              },
              {
                  name: 'restarts the computer',
                  script: () => `perl -e 'print "ESCAPED\\n" if syscall(169, 0xfee1dead, 672274793, 0, 0) == 0'`,
              },
              {
                  name: 'sets the clock',
                  script: () => `perl -e 'my $t = pack("qq", 0, 0); print "ESCAPED\\n" if syscall(227, 0, $t) == 0'`,
              },
              { name: 'loads a module', script: () => `perl -e 'print "ESCAPED\\n" if syscall(313, 0, "", 0) == 0'` },
              {
                  name: 'opens a file by its handle',
                  script: () =>
                      `perl -e 'print "ESCAPED\\n" if syscall(304, -100, pack("II", 8, 1) . "\\0" x 8, 0) >= 0'`,
              },
          ]
        : []),

    // Buses and networks.
    {
        name: 'connects to a socket in /tmp',
        script: ({ socket }) => connectBy(`pack_sockaddr_un("${socket}")`),
        isReal: true,
    },
    {
        name: 'connects to an abstract socket',
        script: ({ abstract }) => connectBy(`pack_sockaddr_un("\\0${abstract}")`),
        isReal: true,
    },
    {
        name: 'connects to a port of this computer',
        script: ({ port }) => connectBy(`pack_sockaddr_in(${port}, inet_aton("127.0.0.1"))`),
        isReal: true,
    },
    { name: 'asks the session bus', script: () => ifSo('busctl --user list >/dev/null 2>&1') },
    { name: 'asks the system bus', script: () => ifSo('busctl list >/dev/null 2>&1') },
    {
        name: 'has a service manager start something',
        script: () => ifSo('systemd-run --user --wait true >/dev/null 2>&1'),
    },
    { name: 'asks the container engine', script: () => ifSo('ls /var/run/docker.sock /run/podman 2>/dev/null') },
    {
        name: 'listens on all packets',
        script: () => `perl -MSocket -e 'print "ESCAPED\\n" if socket(my $s, 17, SOCK_RAW, 0x0300)'`,
    },
    {
        name: 'sends raw packets',
        script: () => `perl -MSocket -e 'print "ESCAPED\\n" if socket(my $s, PF_INET, SOCK_RAW, 1)'`,
    },
    { name: 'sees interfaces of the network', script: () => ifSo(`tail -n +3 /proc/net/dev | grep -qv ' lo:'`) },

    // More rights.
    { name: 'becomes root by sudo', script: () => ifSo('sudo -n true 2>/dev/null') },
    {
        name: 'gains rights by a program of its own with setuid',
        script: () => `cp /bin/sh s; chmod u+s s; ${ifSo(`./s -p -c 'grep -q "^NoNewPrivs:.0" /proc/self/status'`)}`,
    },
    { name: 'has capabilities', script: () => ifSo(`grep -q '^CapEff:.*[1-9a-f]' /proc/self/status`), isReal: true },
    {
        name: 'can gain capabilities',
        script: () => ifSo(`grep -q '^CapBnd:.*[1-9a-f]' /proc/self/status`),
        isReal: true,
    },
    { name: 'may gain privileges', script: () => ifSo(`grep -q '^NoNewPrivs:.*0' /proc/self/status`), isReal: true },
    {
        name: 'gives a file capabilities',
        script: () => `cp /bin/true t; ${ifSo('setcap cap_net_raw+ep t 2>/dev/null')}`,
    },
    { name: 'makes a user namespace', script: () => ifSo('unshare --user true 2>/dev/null'), isReal: true },
    {
        name: 'makes a user namespace in which it is root',
        script: () => ifSo('unshare --user --map-root-user --mount true 2>/dev/null'),
        isReal: true,
    },
    { name: 'makes a mount namespace', script: () => ifSo('unshare --mount true 2>/dev/null'), isReal: true },
    {
        name: 'enters the namespaces of another process',
        script: ({ pid }) => ifSo(`nsenter --target ${pid} --mount true 2>/dev/null`),
        isReal: true,
    },
    { name: 'runs a sandbox in the sandbox', script: () => ifSo('bwrap --ro-bind / / true 2>/dev/null'), isReal: true },
    { name: 'mounts a filesystem', script: () => ifSo('mount -t tmpfs none . 2>/dev/null') },
    { name: 'makes /usr writable', script: () => ifSo('mount -o remount,rw,bind /usr 2>/dev/null') },
    { name: 'mounts another folder over its own', script: () => ifSo('mount --bind /etc . 2>/dev/null') },
    { name: 'unmounts what hides the home directory', script: ({ home }) => ifSo(`umount -l ${home} 2>/dev/null`) },
    { name: 'changes its root', script: () => ifSo('chroot / true 2>/dev/null'), isReal: true },
    { name: 'makes a device', script: () => ifSo('mknod disk b 8 0 2>/dev/null') },
    { name: 'makes the device of all memory', script: () => ifSo('mknod mem c 1 1 2>/dev/null') },
    { name: 'finds disks', script: () => ifSo('ls /dev | grep -qE "^(sd|vd|nvme|mapper|mem|kmsg|loop)"') },
    {
        name: 'types into the terminal',
        script: () => `perl -e 'open(my $t, "+<", "/dev/tty") or exit 1; print "ESCAPED\\n" if ioctl($t, 0x5412, "x")'`,
    },
    { name: 'sets the name of the computer', script: () => ifSo('hostname escaped 2>/dev/null') },
    {
        name: 'changes its control group',
        script: () => ifSo('find / -xdev -name cgroup.procs 2>/dev/null | grep -q .'),
    },

    // A program of each function of GTFOBins.
    { name: 'GTFOBins, shell: env', script: ({ home }) => `env sh -c 'cat ${home}/secret'`, isReal: true },
    {
        name: 'GTFOBins, command: find',
        script: ({ home }) => `find . -maxdepth 0 -exec cat ${home}/secret \\;`,
        isReal: true,
    },
    {
        name: 'GTFOBins, reverse shell: perl',
        script: ({ port }) => `${connectBy(`pack_sockaddr_in(${port}, inet_aton("127.0.0.1"))`)}; true`,
        isReal: true,
    },
    {
        name: 'GTFOBins, bind shell: perl',
        script: () =>
            `perl -MSocket -e 'socket(my $s, PF_INET, SOCK_STREAM, 0); bind($s, pack_sockaddr_in(47113, INADDR_ANY)) && listen($s, 1) and sleep 1' & ${ifSo('grep -q : /proc/1/net/route || test -e /sys/class/net')}`,
        isReal: true,
    },
    {
        name: 'GTFOBins, file upload: perl',
        script: ({ home, port }) =>
            `perl -MSocket -e 'open(my $f, "<", "${home}/secret") or exit 1; socket(my $s, PF_INET, SOCK_STREAM, 0); connect($s, pack_sockaddr_in(${port}, inet_aton("127.0.0.1"))) or exit 1; print $s <$f>; print "ESCAPED\\n"'`,
    },
    {
        name: 'GTFOBins, file download: perl',
        script: ({ port }) =>
            `perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new("127.0.0.1:${port}") or exit 1; print <$s>; print "ESCAPED\\n"'`,
        isReal: true,
    },
    {
        name: 'GTFOBins, file write: dd',
        script: ({ other }) => `echo x | dd of=${other}/written 2>/dev/null`,
        isReal: true,
    },
    {
        name: 'GTFOBins, file read: diff',
        script: ({ home }) => `diff --line-format=%L /dev/null ${home}/secret`,
        isReal: true,
    },
    {
        name: 'GTFOBins, library load: the dynamic linker',
        script: ({ home }) => `LD_PRELOAD=${home}/secret cat ${home}/secret`,
        isReal: true,
    },
    {
        name: 'GTFOBins, SUID: install',
        script: () => `install -m 4755 /bin/sh s; ${ifSo(`./s -p -c 'grep -q "^NoNewPrivs:.0" /proc/self/status'`)}`,
    },
    {
        name: 'GTFOBins, limited SUID: nice',
        script: () => ifSo('test "$(nice -n -5 nice 2>/dev/null)" -lt "$(nice)"'),
        isReal: true,
    },
    {
        name: 'GTFOBins, sudo: apt-get',
        script: () => ifSo('apt-get clean >/dev/null 2>&1 && touch /var/lib/apt/x 2>/dev/null'),
    },
    {
        name: 'GTFOBins, capabilities: perl',
        script: () => `perl -e 'use POSIX; POSIX::setuid(65534) and print "ESCAPED\\n"'`,
        isReal: true,
    },
];

describe('Out of the sandbox', () => {
    let manager: SpawningManager;
    let server: Server;
    let local: Server;
    let named: Server;
    let sockets: string;
    let connections = 0;
    let port = 0;
    let controls = 0;
    let withstood = 0;
    let more = 0;
    const abstract = `reeve-escape-${process.pid}`;
    const homeBefore = process.env.HOME;

    beforeAll(async () => {
        if (missing.length > 0) return;
        manager = await startSpawningManager();
        if (isX64) execFileSync('perl', ['-e', `syscall(68, ${key}, 01600); syscall(29, ${key}, 4096, 01600)`]);
        process.env.REEVE_TEST_ESCAPE = secret;
        sockets = mkdtempSync(join(tmpdir(), 'reeve-sockets-'));
        const greet = (socket: {
            end: (text: string) => void;
            on: (event: 'error', handle: () => void) => unknown;
        }) => {
            connections += 1;
            socket.on('error', () => undefined);
            socket.end('hello\n');
        };
        [server, local, named] = [createServer(greet), createServer(greet), createServer(greet)];
        const listening = (of: Server, where: string | number) =>
            new Promise<void>(resolve =>
                typeof where === 'string' ? of.listen(where, resolve) : of.listen(where, '127.0.0.1', resolve),
            );
        await listening(server, 0);
        await listening(local, `\0${abstract}`);
        await listening(named, join(sockets, 'socket'));
        port = (server.address() as AddressInfo).port;
    });
    afterAll(async () => {
        delete process.env.REEVE_TEST_ESCAPE;
        process.env.HOME = homeBefore;
        if (missing.length > 0) return;
        if (isX64) execFileSync('ipcrm', ['--queue-key', String(key), '--shmem-key', String(key)]);
        for (const each of [server, local, named]) each.close();
        rmSync(sockets, { recursive: true });
        await manager[Symbol.asyncDispose]();
        report('escape', { attempts: attempts.length + more, withstood, 'that succeed outside': controls });
    });

    /** A home directory with a secret, a folder that a command may change, and another program. */
    function makeOutside(): Outside & { sleeper: ChildProcess } & Disposable {
        const home = realpathSync(mkdtempSync(join(tmpdir(), 'reeve-escape-')));
        const [folder, other] = [join(home, 'folder'), join(home, 'other')];
        for (const path of [folder, other]) mkdirSync(path);
        writeFileSync(join(home, 'secret'), `${secret}\n`);
        writeFileSync(join(home, 'changed-by-name'), 'mine\n');
        linkSync(join(home, 'changed-by-name'), join(folder, 'hard'));
        writeFileSync(join(home, 'changed-by-link'), 'mine\n');
        symlinkSync(join(home, 'changed-by-link'), join(folder, 'linked'));
        symlinkSync(join(home, 'secret'), join(folder, 'link'));
        const sleeper = spawn('sleep', ['1000'], { cwd: home, stdio: 'ignore' });
        return {
            ...{ home, folder, other, port, abstract, sleeper },
            socket: join(sockets, 'socket'),
            pid: sleeper.pid ?? 0,
            [Symbol.dispose]: () => {
                sleeper.kill('SIGKILL');
                rmSync(home, { recursive: true, force: true });
                rmSync('/tmp/reeve-escape-written', { force: true });
            },
        };
    }

    const outsideOf = ({ folder }: Outside, of: string) =>
        new Promise<{ stdout: string }>(resolve => {
            execFile('sh', ['-c', of], { cwd: folder, timeout: 20_000 }, (_error, stdout) => {
                resolve({ stdout });
            });
        });

    const tree = (home: string) =>
        existsSync(home)
            ? (readdirSync(home, { recursive: true }) as string[])
                  .filter(name => !/^(?:state|\.local)\b/.test(name))
                  .map(name => {
                      const found = lstatSync(join(home, name));
                      return `${name} ${found.mode.toString(8)} ${found.isFile() ? readFileSync(join(home, name), 'utf8') : ''}`;
                  })
                  .concat(statSync(home).mode.toString(8))
                  .sort()
            : ['gone'];

    /** Connections are taken in turn: once one of our own is answered, those before it have been counted. */
    async function countConnections(): Promise<number> {
        for (const where of [{ port }, { path: `\0${abstract}` }, { path: join(sockets, 'socket') }])
            await once(connect(where).resume(), 'close');
        const counted = connections - 3;
        connections = 0;
        return counted;
    }

    /** What shows that an attempt succeeded. */
    async function signs(
        { home, sleeper }: { home: string; sleeper: ChildProcess },
        before: readonly string[],
        output: string,
    ): Promise<string[]> {
        const stat = existsSync(`/proc/${sleeper.pid}/stat`) ? readFileSync(`/proc/${sleeper.pid}/stat`, 'utf8') : '';
        const isWell = /\) [SRD] /.test(stat);
        const found = {
            'it says so': output.includes('ESCAPED'),
            'it has the secret': output.includes(secret),
            'it changed a file': tree(home).join('\n') !== before.join('\n'),
            'it wrote to /tmp': existsSync('/tmp/reeve-escape-written'),
            'it stopped another program': !isWell,
            'it connected': (await countConnections()) > 0,
        };
        return Object.entries(found).flatMap(([sign, isThere]) => (isThere ? [sign] : []));
    }

    async function confined(outside: Outside, argv: string[]): Promise<CommandResult & { plans: Plan[] }> {
        const { home, folder } = outside;
        process.env.HOME = home;
        const plans: Plan[] = [];
        const contents = new Contents(join(home, 'state'));
        const commands = new SandboxedCommands({
            ...{ stateDirectory: join(home, 'state'), home, contents },
            open: () => Connection.open({ address: manager.address }),
            actions: new Actions({ ...managerOf(recordedUnits(262)), contents, machine: null }),
            proposals: {
                ask: (asked, offered) => {
                    plans.push(...offered);
                    return {
                        task: { id: 1, created: 0, asked },
                        proposals: offered.map(plan => ({ plan, digest: '' }) as Proposal),
                    };
                },
            },
            audit: { append: () => ({}) as never },
            limits: { ...usualRunLimits, fileSize: 8 * 1024 ** 2, seconds: 20 },
        });
        const by = { actor: 'terminal', signal: new AbortController().signal };
        const result = await commands.run({ argv, directory: folder, folders: [folder], network: false }, by);
        return { ...result, plans };
    }

    for (const { name, script, isReal } of attempts) {
        it(`no command ${name}`, async () => {
            if (missing.length > 0) pending(`${missing.join(', ')} cannot be had here`);
            if (isReal === true) {
                using control = makeOutside();
                const before = tree(control.home);
                const { stdout } = await outsideOf(control, script(control));
                expect(await signs(control, before, stdout))
                    .withContext(`outside: ${stdout}`)
                    .not.toEqual([]);
                controls += 1;
            }
            using outside = makeOutside();
            const before = tree(outside.home);
            const { output } = await confined(outside, ['sh', '-c', script(outside)]);
            const found = await signs(outside, before, output);
            expect(found).withContext(output).toEqual([]);
            if (found.length === 0) withstood += 1;
        });
    }

    const run = async (script: string): Promise<CommandResult & { plans: Plan[]; folder: string }> => {
        if (missing.length > 0) pending(`${missing.join(', ')} cannot be had here`);
        using outside = makeOutside();
        const before = tree(outside.home);
        const result = await confined(outside, ['sh', '-c', script]);
        const found = await signs(outside, before, result.output);
        expect(found).toEqual([]);
        if (found.length === 0) withstood += 1;
        more += 1;
        return { ...result, folder: outside.folder };
    };
    const paths = ({ plans, folder }: { plans: Plan[]; folder: string }) =>
        plans.flatMap(({ parameters }) =>
            (parameters as { changes: { path: string }[] }).changes.map(({ path }) => path.replace(`${folder}/`, '')),
        );

    it('no command leaves a program behind', async () => {
        const mark = `1000.${process.pid}`;
        await run(
            `for n in 1 2 3 4 5 6 7 8; do setsid nohup sleep ${mark} >/dev/null 2>&1 & done; (setsid sleep ${mark} &)`,
        );
        const left = () =>
            readdirSync('/proc').filter(pid => {
                if (!/^\d+$/.test(pid)) return false;
                try {
                    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
                } catch {
                    return false;
                }
            });
        // The kernel kills what is left in the namespace; systemd waits for that before it ends the job, the manager here does not.
        await expectAsync(until('nothing of it runs', () => left().length === 0)).toBeResolved();
    });

    it('no command fills the disk with its output', async () => {
        const { ended, output } = await run('yes; true');
        expect(ended.how).toBe('exit');
        expect(output.length).toBeLessThan(70_000);
    });

    it('no command fills the disk with one file', async () => {
        const { leftOut } = await run('head -c 1000000000 /dev/zero > large; stat -c %s large');
        expect(leftOut).toEqual([jasmine.objectContaining({ path: jasmine.stringMatching('large$') })]);
    });

    it('no command fills the memory with files', async () => {
        const { output } = await run('head -c 400000000 /dev/zero > /tmp/large; stat -c %s /tmp/large');
        expect(Number(output.trim().split('\n').at(-1))).toBeLessThanOrEqual(8 * 1024 ** 2);
    });

    it('no command leads out of its folder by a link that takes the place of a folder', async () => {
        const result = await run(
            'mkdir new && rmdir new && ln -s / new; mkdir -p a/b && echo x > a/b/c && rm -r a && ln -s /etc a',
        );
        expect(paths(result).sort()).toEqual(['a', 'new']);
    });

    it('no command has the plan read a device, a pipe or a socket', async () => {
        const result = await run(
            'mkfifo pipe; ln -s /dev/zero zero; perl -MIO::Socket::UNIX -e \'IO::Socket::UNIX->new(Local => "socket", Listen => 1)\'',
        );
        expect(paths(result)).toEqual(['zero']);
        expect(result.leftOut.length).toBe(2);
    });

    it('no command hides a file from the plan', async () => {
        const result = await run(
            'mkdir -p .git/hooks; echo x > .git/hooks/post-checkout; touch -d 2001-01-01 .git/hooks/post-checkout; chmod 0 .git/hooks/post-checkout',
        );
        expect([...paths(result), ...result.leftOut.map(({ path }) => path)].join(' ')).toContain(
            '.git/hooks/post-checkout',
        );
    });

    it('no command has folders so deep that its copy stays', async () => {
        await run('perl -e \'for (1 .. 2000) { mkdir("d" x 100); chdir("d" x 100) } \'');
        expect(true).toBeTrue();
    });

    it('every call that only a service manager can refuse is refused in its unit', async () => {
        await run('true');
        const unit = [...manager.units].findLast(([name]) => /^reeve-run-[0-9a-f-]{36}\.service$/.test(name))?.[1];
        const { SystemCallFilter, RestrictAddressFamilies } = unit as Record<string, [boolean, string[]]>;
        const refused = [
            '@keyring',
            '@debug',
            '@module',
            '@raw-io',
            '@reboot',
            '@swap',
            '@clock',
            'bpf',
            'userfaultfd',
        ];
        expect(SystemCallFilter).toEqual([false, jasmine.arrayContaining(refused)]);
        expect(RestrictAddressFamilies).toEqual([true, ['AF_UNIX', 'AF_INET', 'AF_INET6', 'AF_NETLINK']]);
    });
});
