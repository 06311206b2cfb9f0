import type { Scenario } from '../scenario.ts';

export const scenario: Scenario = {
    title: 'there is no way to the internet any more',
    by: 'provoked',
    // NetworkManager 1.52 would take both ends and ask for addresses there.
    files: {
        '/etc/NetworkManager/conf.d/90-bench-route.conf':
            '[device-bench-route]\nmatch-device=interface-name:eth9*\nmanaged=0\n',
    },
    prepare: async desktop => {
        const wired = `
            ip link add eth9 type veth peer name eth9-peer
            ip link set eth9-peer up
            ip link set eth9 up
            ip address add 192.0.2.9/24 dev eth9
            ip route add default via 192.0.2.1 dev eth9
        `;
        await desktop.exec(['sh', '-ec', wired]);
        await desktop.exec(['sh', '-c', 'until ip route | grep -q "^default.*eth9"; do sleep 0.1; done']);
    },
    provoke: async desktop => {
        await desktop.exec(['ip', 'route', 'delete', 'default']);
    },
    expect: { family: 'routing', subject: /eth9|network|internet/, cause: /route|way/, isChecked: true },
    repair: async desktop => {
        await desktop.exec(['ip', 'route', 'add', 'default', 'via', '192.0.2.1', 'dev', 'eth9']);
    },
    clear: async desktop => {
        await desktop.exec(['ip', 'link', 'delete', 'eth9']);
    },
};
