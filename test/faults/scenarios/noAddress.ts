import type { Scenario } from '../scenario.ts';

const wired = `
ip link add eth7 type veth peer name eth7-peer
ip link set eth7-peer up
nmcli device set eth7 managed yes
nmcli connection add type ethernet ifname eth7 con-name bench autoconnect no ipv4.dhcp-timeout 2 ipv6.method disabled
`;

export const scenario: Scenario = {
    title: 'the network gives no address',
    by: 'provoked',
    prepare: async desktop => {
        await desktop.exec(['sh', '-ec', wired]);
    },
    provoke: async desktop => {
        // Nobody at the other end of the cable answers.
        await desktop.exec(['nmcli', '--wait', '15', 'connection', 'up', 'bench'], { mayFail: true });
    },
    expect: { family: 'dhcp', subject: 'eth7', cause: /address/ },
    clear: async desktop => {
        await desktop.exec(['sh', '-c', 'nmcli connection delete bench; ip link delete eth7']);
    },
};
