/** What the buses and polkit read: how Reeve is started for a call, who may call what runs as root, and what polkit asks. */
import type { RootFamily } from '../service/execution/rootPlan.ts';
import { busName, mechanismName, mechanismUnit, polkitPrefix, serviceUnit } from '../service/util/names.ts';
import type { Programs } from './units.ts';

export const activationText = ({ reeved }: Programs) =>
    ['[D-BUS Service]', `Name=${busName}`, `Exec=${reeved}`, `SystemdService=${serviceUnit}`, ''].join('\n');

export const mechanismActivationText = () =>
    [
        '[D-BUS Service]',
        `Name=${mechanismName}`,
        'Exec=/bin/false',
        'User=root',
        `SystemdService=${mechanismUnit}`,
        '',
    ].join('\n');

/** Anybody may ask. The mechanism asks polkit before it changes anything. */
const openInterfaces = [
    mechanismName,
    'org.freedesktop.DBus.Properties',
    'org.freedesktop.DBus.Introspectable',
    'org.freedesktop.DBus.Peer',
];

export const mechanismBusPolicyText = () => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <policy user="root">
    <allow own="${mechanismName}"/>
  </policy>
  <policy context="default">
${openInterfaces
    .map(name => `    <allow send_destination="${mechanismName}" send_interface="${name}"/>\n`)
    .join('')}  </policy>
</busconfig>
`;

/** By sort of change: what it is, and what the dialog says where it shows no title of a plan. */
const polkitActions = {
    units: ['Start, stop and restart services of the system', 'start, stop or restart a service'],
    unitSettings: ['Change the settings of services of the system', 'change the settings of a service'],
    files: ['Put files of the system back as they were', 'change a file of the system'],
    packages: ['Install, update, remove and repair packages', 'change packages'],
    storage: [
        'Free disk space, check and remount filesystems, and test drives',
        'change a filesystem or to test a drive',
    ],
    clock: ['Set the clock and the time zone', 'set the clock'],
    accounts: ['Unlock and change accounts', 'unlock or change an account'],
    administrators: [
        'Make accounts administrators, and let them log in without a password',
        'change who is an administrator or logs in without a password',
    ],
    computer: ['Set the name and the language of the computer', 'change the name or the language of the computer'],
    network: [
        'Change the network of the system: saved networks, name servers, the firewall',
        'change the network of the system',
    ],
    firmware: ['Update firmware', 'update firmware'],
    printers: ['Resume print queues and cancel print jobs', 'change a print queue'],
    grants: ['Let Reeve restart a service of the system without asking', 'let Reeve restart a service without asking'],
} as const satisfies Record<RootFamily, readonly [description: string, what: string]>;

/** No permission is kept: each plan is asked for. */
const permissions = ['allow_any', 'allow_inactive', 'allow_active'];

export const polkitPolicyText = () => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE policyconfig PUBLIC "-//freedesktop//DTD PolicyKit Policy Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/PolicyKit/1.0/policyconfig.dtd">
<policyconfig>
  <vendor>Reeve</vendor>
${Object.entries(polkitActions)
    .map(
        ([name, [description, what]]) => `  <action id="${polkitPrefix}.${name}">
    <description>${description}</description>
    <message>Authentication is required to ${what}</message>
    <defaults>
${permissions.map(permission => `      <${permission}>auth_admin</${permission}>\n`).join('')}    </defaults>
  </action>
`,
    )
    .join('')}</policyconfig>
`;
