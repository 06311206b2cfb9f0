import type { Scenario } from '../scenario.ts';

/** Something for the internet, so that the kernel has to ask for the router. */
const send = ['bash', '-c', 'echo >/dev/udp/198.51.100.1/9'];
const isFailed = 'ip neighbour show to 192.0.2.1 dev eth6 | grep -q FAILED';
const isReached = 'ip neighbour show to 192.0.2.1 dev eth6 | grep -qE "REACHABLE|DELAY|STALE"';

export const scenario: Scenario = {
    title: 'the router does not answer',
    by: 'provoked',
    files: {
        '/etc/NetworkManager/conf.d/90-bench-gateway.conf':
            '[device-bench-gateway]\nmatch-device=interface-name:eth6*\nmanaged=0\n',
    },
    prepare: async desktop => {
        const wired = `
            ip netns add bench-router
            ip link add eth6 type veth peer name eth6-peer
            ip link set eth6-peer netns bench-router
            ip -n bench-router address add 192.0.2.1/24 dev eth6-peer
            ip -n bench-router link set eth6-peer up
            ip link set eth6 up
            ip address add 192.0.2.6/24 dev eth6
            ip route add default via 192.0.2.1 dev eth6
        `;
        await desktop.exec(['sh', '-ec', wired]);
        await desktop.exec(send);
        await desktop.exec(['sh', '-c', `until ${isReached}; do sleep 0.1; done`]);
    },
    provoke: async desktop => {
        // The link stays; it is the router that falls silent, and the kernel that forgets what it knew of it.
        await desktop.exec(['ip', '-n', 'bench-router', 'address', 'flush', 'dev', 'eth6-peer']);
        await desktop.exec(['ip', 'neighbour', 'flush', 'dev', 'eth6']);
        await desktop.exec(send);
        await desktop.exec(['sh', '-c', `until ${isFailed}; do sleep 0.1; done`]);
    },
    expect: { family: 'routing', subject: 'eth6', cause: /router|off|hangs/, isChecked: true },
    repair: async desktop => {
        await desktop.exec(['ip', '-n', 'bench-router', 'address', 'add', '192.0.2.1/24', 'dev', 'eth6-peer']);
        await desktop.exec(['ip', 'neighbour', 'flush', 'dev', 'eth6']);
        await desktop.exec(send);
        await desktop.exec(['sh', '-c', `until ${isReached}; do sleep 0.1; done`]);
    },
    clear: async desktop => {
        await desktop.exec(['sh', '-c', 'ip link delete eth6; ip netns delete bench-router; umount /run/netns']);
    },
};
