import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { mechanismRecords } from '../../util/names.ts';
import { _ } from '../../i18n/i18n.ts';
import { isAbsence } from '../../machine/machine.ts';
import { readFirewall } from '../../machine/network/firewall.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineAction, valueCheck } from '../action.ts';
import { programStep, type Argv } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

const parameters = z.strictObject({
    port: z.int().min(1).max(65_535),
    protocol: z.enum(['tcp', 'udp']),
    allow: z.boolean(),
});
type Wanted = z.infer<typeof parameters>;
type Asked = Surroundings & { signal: AbortSignal };
type Change = {
    steps: readonly [Argv, ...Argv[]];
    last?: readonly Argv[];
    undo: readonly [Argv, ...Argv[]];
    precondition: string;
};

/** What people call a port by the service behind it; the numbers are those of IANA's registry of service names and ports. */
const services: Readonly<Record<string, readonly [number, Wanted['protocol']]>> = {
    ssh: [22, 'tcp'],
    sftp: [22, 'tcp'],
    ftp: [21, 'tcp'],
    http: [80, 'tcp'],
    https: [443, 'tcp'],
    ipp: [631, 'tcp'],
    printing: [631, 'tcp'],
    samba: [445, 'tcp'],
    smb: [445, 'tcp'],
    nfs: [2049, 'tcp'],
    rdp: [3389, 'tcp'],
    'remote desktop': [3389, 'tcp'],
    vnc: [5900, 'tcp'],
    mdns: [5353, 'udp'],
    syncthing: [22_000, 'tcp'],
    minecraft: [25_565, 'tcp'],
};

const udp = '(udp|udp port|udp-port)';
const inFirewall = { en: '[in|through] [firewall]', de: '[in|durch] [firewall]', ar: '[في] [جدار حماية]' };

/** Lets other computers reach a port of this one, or keeps them from it; firewall-cmd(1), ufw(8). */
export const firewallPort = defineAction({
    name: 'firewall.port',
    parameters,
    touches: () => ['firewall'],
    wishes: [
        {
            phrases: {
                en: [
                    `(open|allow|unblock) ${udp} {udp} ${inFirewall.en}`,
                    `(open|allow|unblock) [tcp] port {port} ${inFirewall.en}`,
                    '(allow|let) {service} (through|in) firewall',
                    '(open|unblock) firewall for [port] {service}',
                    'let others [connect to|reach] port {port}',
                ],
                de: [
                    `(öffne|erlaube|entsperre) ${udp} {udp} ${inFirewall.de}`,
                    `(öffne|erlaube|entsperre) [tcp] port {port} ${inFirewall.de}`,
                    `[tcp] port {port} ${inFirewall.de} (öffnen|freigeben|erlauben|entsperren)`,
                    `${udp} {udp} ${inFirewall.de} (öffnen|freigeben|erlauben|entsperren)`,
                    '{service} (in|durch) firewall (lassen|erlauben|freigeben)',
                    '(lass|erlaube) {service} (in|durch) firewall',
                    '(öffne|entsperre) firewall für [port] {service}',
                ],
                ar: [
                    `(افتح|اسمح) منفذ udp {udp} ${inFirewall.ar}`,
                    `(افتح|اسمح) منفذ {port} ${inFirewall.ar}`,
                    'اسمح {service} (عبر|في) جدار حماية',
                ],
            },
            parameters: slots => portMeant(slots, true),
        },
        {
            phrases: {
                en: [
                    `(close|block|deny) ${udp} {udp} ${inFirewall.en}`,
                    `(close|block|deny) [tcp] port {port} ${inFirewall.en}`,
                    '(block|deny) {service} (through|in|with) firewall',
                    'close firewall for [port] {service}',
                ],
                de: [
                    `(schließe|sperre|blockiere) ${udp} {udp} ${inFirewall.de}`,
                    `(schließe|sperre|blockiere) [tcp] port {port} ${inFirewall.de}`,
                    `[tcp] port {port} ${inFirewall.de} (schließen|sperren|blockieren)`,
                    `${udp} {udp} ${inFirewall.de} (schließen|sperren|blockieren)`,
                    '{service} (in|durch) firewall (sperren|blockieren)',
                    '(sperre|blockiere) {service} (in|durch) firewall',
                ],
                ar: [
                    `(اغلق|احجب|امنع) منفذ udp {udp} ${inFirewall.ar}`,
                    `(اغلق|احجب|امنع) منفذ {port} ${inFirewall.ar}`,
                    '(احجب|امنع) {service} (عبر|في) جدار حماية',
                ],
            },
            parameters: slots => portMeant(slots, false),
        },
    ],
    async plan(wanted, asked) {
        const { steps, last, undo, precondition } = await change(wanted, asked);
        const title = titleOf(wanted);
        const [first, ...others] = steps;
        const [back, ...rest] = undo;
        return {
            title,
            steps: [{ description: title, ...programStep('system', first, { after: others, ...(last && { last }) }) }],
            risk: 'medium',
            riskText: wanted.allow
                ? _('Other computers on the network can reach the program that listens on this port.')
                : _('Other computers can no longer connect to this port. Connections that are open go on.'),
            undo: {
                text: _('Sets it back'),
                steps: [
                    {
                        description: _('Use the earlier rules of the firewall again'),
                        ...programStep('system', back, { after: rest }),
                    },
                ],
            },
            authentication: true,
            preconditions: { 'firewall rules': precondition },
        };
    },
    async verify(wanted, asked) {
        if ((await requireOn(asked)) === 'ufw') return { gone: false, detail: '', isUnknown: true };
        const state = await rulesOfFirewalld(wanted, asked);
        return valueCheck(
            state.every(({ isBlocked, isOpen }) => isBlocked !== wanted.allow && (isOpen || !wanted.allow)),
        );
    },
});

function portMeant(slots: Readonly<Record<string, string>>, allow: boolean): Wanted[] {
    const said = (slots.port ?? slots.udp ?? slots.service ?? '').toLowerCase().trim();
    const [, number, kind = slots.udp === undefined ? 'tcp' : 'udp'] = /^(\d{1,5})(?:[ /](tcp|udp))?$/.exec(said) ?? [];
    const [port, protocol] =
        number === undefined && Object.hasOwn(services, said) ? (services[said] ?? []) : [Number(number), kind];
    const { success, data } = parameters.safeParse({ port, protocol, allow });
    return success ? [data] : [];
}

function titleOf({ port, protocol, allow }: Wanted): string {
    const [service] = Object.entries(services).find(([, [of, by]]) => of === port && by === protocol) ?? [];
    const name = `${port}/${protocol}${service === undefined ? '' : ` (${service})`}`;
    return allow
        ? _('Allow port {name} through the firewall', { name })
        : _('Block port {name} in the firewall', { name });
}

/** @throws ReeveError InvalidState where there is no firewall, and while it is off */
async function requireOn({ machine, systemd, signal }: Asked) {
    const firewall = await readFirewall(machine, systemd, signal);
    if (firewall === null) throw new ReeveError('InvalidState', _('No firewall that Reeve knows is installed'));
    if (!firewall.isOn) throw new ReeveError('InvalidState', _('The firewall is off. Turn it on first.'));
    return firewall.kind;
}

async function change(wanted: Wanted, asked: Asked): Promise<Change> {
    return (await requireOn(asked)) === 'ufw' ? await changeUfw(wanted, asked) : await changeFirewalld(wanted, asked);
}

const reject = ({ port, protocol }: Wanted) => `rule port port="${port}" protocol="${protocol}" reject`;

/**
 * What the default zone says of a port: for good, and now. A rich rule that rejects goes before the services and ports that are
 * allowed: firewalld.richlanguage(5), "Information about logging and actions".
 */
async function rulesOfFirewalld(wanted: Wanted, asked: Asked) {
    const { machine, signal } = asked;
    const isThere = async (argv: string[]) => {
        const answer = await machine?.run('firewall-cmd', argv, { signal, limit: 4096 });
        if (answer?.trim() !== 'yes' && answer?.trim() !== 'no')
            throw new ReeveError('InvalidState', _('The firewall does not answer'));
        return answer.trim() === 'yes';
    };
    await requireOneZone(asked);
    return await Promise.all(
        [['--permanent'], []].map(async when => ({
            when,
            isOpen: await isThere([...when, `--query-port=${wanted.port}/${wanted.protocol}`]),
            isBlocked: await isThere([...when, `--query-rich-rule=${reject(wanted)}`]),
        })),
    );
}

/**
 * The zones of the connections are the first words of the lines that are not indented: firewall-cmd(1), --get-active-zones.
 *
 * @throws ReeveError InvalidState when a connection is in another zone than the default one, which is the one that is changed
 */
async function requireOneZone({ machine, signal }: Asked): Promise<void> {
    const ask = async (option: string) =>
        ((await machine?.run('firewall-cmd', [option], { signal, limit: 4096 })) ?? '').split('\n');
    const [usual = ''] = await ask('--get-default-zone');
    const active = (await ask('--get-active-zones')).flatMap(line => /^(\S+)/.exec(line)?.[1] ?? []);
    const other = active.find(zone => zone !== usual.trim());
    if (other !== undefined)
        throw new ReeveError(
            'InvalidState',
            _('A connection is in the zone {zone} of the firewall, and Reeve changes only the default zone', {
                zone: safeText(other, 60),
            }),
        );
}

async function changeFirewalld(wanted: Wanted, asked: Asked): Promise<Change> {
    const port = `${wanted.port}/${wanted.protocol}`;
    const state = await rulesOfFirewalld(wanted, asked);
    const pairs = state.flatMap(({ when, isOpen, isBlocked }) => {
        const run = (option: string): Argv => ['firewall-cmd', ...when, option];
        const opening = [run(`--add-port=${port}`), run(`--remove-port=${port}`)] as const;
        const blocking = [
            run(`--add-rich-rule=${reject(wanted)}`),
            run(`--remove-rich-rule=${reject(wanted)}`),
        ] as const;
        const [block, unblock] = blocking;
        if (!wanted.allow) return isBlocked ? [] : [blocking];
        return [...(isBlocked ? [[unblock, block] as const] : []), ...(isOpen ? [] : [opening])];
    });
    const [first, ...others] = pairs;
    if (first === undefined)
        throw new ReeveError(
            'InvalidState',
            wanted.allow ? _('The firewall already allows this port') : _('The firewall already blocks this port'),
        );
    const [last, ...rest] = [...pairs].reverse().map(([, back]) => back);
    return {
        steps: [first[0], ...others.map(([step]) => step)],
        undo: [last ?? first[1], ...rest],
        precondition: JSON.stringify(state),
    };
}

const rules = ['/etc/ufw/user.rules', '/etc/ufw/user6.rules'] as const;

/**
 * Only root can read the rules of ufw, so that no plan can tell which there are: they are kept aside whole, and undo restores them
 * unless somebody has changed them since.
 *
 * The first rule that fits a packet decides, and ufw leaves a rule of the same port where it is: ufw(8). So those that this one
 * replaces go first. If ufw then fails, they come back: the copy of them is removed only once all has succeeded.
 */
async function changeUfw({ port, protocol, allow }: Wanted, { machine }: Asked): Promise<Change> {
    const written = await Promise.all(rules.map(path => modified(join(machine?.root ?? '/', path))));
    const kept = `${mechanismRecords}/firewall/${written.join('-')}`;
    const [before, after, back] = [`${kept}/before`, `${kept}/after`, `${kept}/back`];
    const rule = `${port}/${protocol}`;
    const added = ['prepend', allow ? 'allow' : 'deny', rule] as const;
    const names = ['user.rules', 'user6.rules'] as const;
    return {
        steps: [
            ['install', '--directory', '--mode=700', kept, before, after, back],
            ['cp', '--archive', '--', ...rules, before],
            ['cp', '--archive', '--', ...rules, back],
            // What it would refuse is known before anything changes.
            ['ufw', '--dry-run', ...added],
            ['ufw', 'delete', 'allow', rule],
            ['ufw', 'delete', 'deny', rule],
            ['ufw', ...added],
            ['cp', '--archive', '--', ...rules, after],
            ['rm', '--', ...names.map(name => `${back}/${name}`)],
        ],
        // Without a copy, this changes nothing. What is there keeps its owner and permissions.
        last: [
            ['cp', '--recursive', '--preserve=timestamps', '--no-target-directory', '--', back, '/etc/ufw'],
            ['ufw', 'reload'],
        ],
        undo: [
            ['cmp', '--silent', '--', rules[0], `${after}/${names[0]}`],
            ['cmp', '--silent', '--', rules[1], `${after}/${names[1]}`],
            ['mv', '--force', '--', ...names.map(name => `${before}/${name}`), '/etc/ufw'],
            ['rm', '--recursive', '--', kept],
            ['ufw', 'reload'],
        ],
        precondition: written.join(' '),
    };
}

/** When a file was written, in nanoseconds since the Unix epoch. @throws ReeveError InvalidState when it is not there */
async function modified(path: string): Promise<string> {
    try {
        return String((await stat(path, { bigint: true })).mtimeNs);
    } catch (error) {
        if (!isAbsence(error)) throw error;
        throw new ReeveError('InvalidState', _('The firewall has no rules that can be changed'));
    }
}
