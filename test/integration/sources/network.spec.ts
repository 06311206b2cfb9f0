import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPresent } from '../../support/hostPackages.ts';

/** Milliseconds, for who has to start, and for the kernel to give a router up. */
const slow = 60_000;
const program = fileURLToPath(new URL('./networkProgram.ts', import.meta.url));

/** Runs the source and `changes`, scripts for sh with a poll after each, in a network namespace. */
async function tellOf(source: 'network' | 'devices', ...changes: string[]): Promise<unknown[][]> {
    const argv = ['--user', '--map-root-user', '--net', process.execPath, '--disable-warning=ExperimentalWarning'];
    const child = spawn('unshare', [...argv, program, source, ...changes], { stdio: ['ignore', 'pipe', 'inherit'] });
    const late = setTimeout(() => child.kill('SIGKILL'), slow - 5000);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
    });
    await once(child, 'close');
    clearTimeout(late);
    return JSON.parse(output) as unknown[][];
}

const wired = 'ip link add eth0 type veth peer name veth9 && ip link set eth0 up && ip link set veth9 up';

describe('The network source', () => {
    beforeEach(() => {
        if (!isPresent('unshare') || !isPresent('ip')) pending('needs unshare and ip');
    });

    it(
        'reports interfaces, links, addresses and the default route',
        async () => {
            const told = await tellOf(
                'network',
                wired,
                'ip address add 192.0.2.1/24 dev eth0 && ip route add default via 192.0.2.254',
                'ip link set veth9 down',
                'ip link set veth9 up',
                'ip route delete default',
                'ip link set eth0 down',
                'ip link delete eth0',
            );
            expect(told).toEqual([
                [['link', 'added', 'eth0']],
                [
                    ['address', 'address-added', 'eth0'],
                    ['address', 'default-route', 'eth0'],
                ],
                [['link', 'carrier-lost', 'eth0']],
                [['link', 'carrier', 'eth0']],
                [['address', 'default-route-lost', 'eth0']],
                [['link', 'down', 'eth0']],
                [
                    ['link', 'removed', 'eth0'],
                    ['address', 'address-removed', 'eth0'],
                ],
            ]);
        },
        slow,
    );

    it(
        'reports a default route that is gone for good',
        async () => {
            const told = await tellOf(
                'network',
                `${wired} && ip address add 192.0.2.1/24 dev eth0 && ip route add default via 192.0.2.254`,
                'ip route delete default',
                'until no-route',
            );
            expect(told.slice(1)).toEqual([
                [['address', 'default-route-lost', 'eth0']],
                [['address', 'no-route', 'eth0']],
            ]);
        },
        slow,
    );

    it(
        'reports a router that does not answer, and that it does again',
        async () => {
            using directory = mkdtempDisposableSync(join(tmpdir(), 'reeve-router-'));
            const far = 'ip link add eth0 type veth peer name veth9 && ip link set eth0 up';
            // A network of its own for the router, in which its end of the cable is; so that it can be there and be silent.
            const pid = join(directory.path, 'router');
            const begin = `unshare --net sh -c 'echo $$ >${pid}; exec sleep 60' >/dev/null 2>&1 & until [ -s ${pid} ]; do sleep 0.1; done`;
            const inRouter = `nsenter --net=/proc/$(cat ${pid})/ns/net`;
            const send = "bash -c 'echo >/dev/udp/198.51.100.1/9'";
            const told = await tellOf(
                'network',
                `${far}; ${begin}; ip link set veth9 netns $(cat ${pid}) && ${inRouter} ip link set veth9 up`,
                'ip address add 192.0.2.1/24 dev eth0 && ip route add default via 192.0.2.254',
                send,
                'until gateway-silent',
                `${inRouter} ip address add 192.0.2.254/24 dev veth9 && ${send}`,
                'until gateway-answers',
                `kill $(cat ${pid})`,
            );
            expect(told.slice(2, 6).flat()).toEqual([
                ['network', 'gateway-silent', 'eth0'],
                ['network', 'gateway-answers', 'eth0'],
            ]);
        },
        slow,
    );

    it(
        'comes out of a flood with what is so in the end',
        async () => {
            const batch = (verb: string) =>
                `seq 3000 | awk '{printf "address ${verb} 10.0.%d.%d/32 dev eth0\\n", $1 / 250, $1 % 250}' | ip -batch -`;
            const told = await tellOf(
                'network',
                wired,
                `${batch('add')} && ${batch('delete')} && ip address add 192.0.2.1/24 dev eth0`,
            );
            expect(told.at(-1)?.filter(event => String(event) === 'address,address-added,eth0').length).toBeGreaterThan(
                0,
            );
            const added = told.flat().filter(event => String(event).includes('address-added')).length;
            const removed = told.flat().filter(event => String(event).includes('address-removed')).length;
            expect(added - removed).toBe(1);
        },
        slow,
    );

    it(
        'checks again when more came than it could take',
        async () => {
            const ofMonitor = (signal: string) => `kill -${signal} $(pgrep -P $PPID -x ip)`;
            const flood = `seq 5000 | awk '{printf "address add 10.0.%d.%d/32 dev eth0\\n", $1 / 250, $1 % 250}' | ip -batch -`;
            const told = await tellOf(
                'network',
                `${wired} && ip address add 192.0.2.1/24 dev eth0`,
                `${ofMonitor('STOP')}; ${flood}; ip address flush to 10.0.0.0/8; ip address delete 192.0.2.1/24 dev eth0; ${ofMonitor('CONT')}`,
                'until lost',
            );
            expect(told.slice(1).flat().at(-1)).toEqual(['address', 'address-removed', 'eth0']);
        },
        slow,
    );
});

describe('The devices source', () => {
    it(
        'reports devices that come and go',
        async () => {
            if (!isPresent('udevadm')) pending('needs udevadm');
            // Without udevd of its own the network has only the kernel's word.
            const told = await tellOf('devices', wired, 'ip link delete eth0');
            expect(told[0]).toContain(['device', 'added', 'eth0']);
            expect(told[1]).toContain(['device', 'removed', 'eth0']);
        },
        slow,
    );
});
