import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { _ } from '../i18n/i18n.ts';
import type { Change } from '../model/timelineEntry.ts';
import type { Database } from '../store/database.ts';
import { filesOf, readText } from '../machine/machine.ts';
import { readRouteOut } from '../machine/network/network.ts';
import { run as runProgram } from '../machine/run.ts';
import { followProgram } from './child.ts';
import { SourceUnavailable } from './definition.ts';
import type { SourceDefinition } from './definition.ts';
import { networkChanges } from './network/changes.ts';
import { Gateways } from './network/gateways.ts';
import { LinkWatch } from './network/linkWatch.ts';
import { OutageWatch } from './network/outage.ts';
import type { Outage } from './network/outage.ts';
import { networkState, parseNetwork } from './network/state.ts';
import type { NetworkState } from './network/state.ts';

/** Links and addresses change in several steps; the states in between are irrelevant. Milliseconds. */
const settleTime = 300;
const stateKey = 'network-state';

/**
 * Links, addresses and default routes. `ip monitor` says when to poll, `ip -json` gives the state: the output of the former is
 * meant for people and differs from version to version (6.1 ignores -json there). A flood that overruns its buffer does no
 * harm, since the state is compared as a whole.
 */
export const network: SourceDefinition = {
    name: 'network',
    async run({ root, database }, outlet, signal) {
        const boot = await bootId(root);
        let known = remembered(database, boot);
        let touched = false;
        let polling = Promise.resolve();
        let isPolling = false;
        const ended = new AbortController();
        const either = AbortSignal.any([signal, ended.signal]);

        const gateways = new Gateways(filesOf(root));
        let silent: Outage | null = null;
        let confirming = Promise.resolve();
        using outages = new OutageWatch(outage => {
            confirming = confirm(outage, root, either)
                .then(isReal => {
                    if (!isReal) return;
                    outlet.emit(outageChange(outage));
                    silent = outage.missing === 'gateway' ? outage : null;
                })
                .catch(() => {
                    if (!either.aborted) outlet.lose(1);
                });
        });
        using links = new LinkWatch(name => {
            if (outages.isOf(name)) return;
            confirming = confirming
                .then(() => isWired(root, name))
                .then(isReal => {
                    if (isReal) outlet.emit(linkChange(name));
                })
                .catch(() => {
                    if (!either.aborted) outlet.lose(1);
                });
        });
        if (known !== null) {
            outages.update(known);
            links.update(known);
        }

        const poll = async () => {
            const read = await readNetwork(either);
            const now = { ...read, silentRoutes: await gateways.poll(read, either) };
            for (const change of known === null ? [] : networkChanges(known, now, Date.now() * 1000))
                outlet.emit(change);
            if (JSON.stringify(now) !== JSON.stringify(known)) remember(database, boot, now);
            known = now;
            outages.update(now);
            links.update(now);
            if (silent === null || now.silentRoutes.length > 0) return;
            outlet.emit(answerChange(silent));
            silent = null;
        };
        const pollWhileTouched = async () => {
            while (touched) {
                touched = false;
                await delay(settleTime, undefined, { signal: either });
                await poll();
            }
        };
        const failed = Promise.withResolvers<never>();
        const touch = () => {
            touched = true;
            if (isPolling) return;
            isPolling = true;
            polling = pollWhileTouched()
                .catch((error: unknown) => {
                    if (!either.aborted) failed.reject(error);
                })
                .finally(() => {
                    isPolling = false;
                });
        };
        const output = (chunk: Buffer) => {
            if (gateways.parse(chunk.toString('latin1'))) touch();
        };
        const complaint = () => {
            outlet.lose(1);
            gateways.doubt();
            touch();
        };
        const argv = ['monitor', 'label', 'link', 'address', 'route', 'neigh'];
        const following = followProgram('ip', argv, { output, complaint }, either);
        try {
            // After the monitor has begun, so that every later change is noticed.
            await Promise.race([poll(), following]);
            outlet.watching();
            await Promise.race([following, failed.promise]);
        } finally {
            ended.abort();
            await following.catch(() => undefined);
            await polling;
            await confirming;
        }
    },
};

/** Whether nothing else explains it: a VPN's own routes may lead out, and radio links come and go as people move. */
async function confirm({ interface: name, family, missing }: Outage, root: string, signal: AbortSignal) {
    if (missing === 'carrier') return await isWired(root, name);
    const way = await readRouteOut(runProgram, family, signal);
    return missing === 'route' ? way === null : way === name;
}

/** Plain network cards have no DEVTYPE; "wlan", "wwan", "bridge" and the like do: netdev_uevent() of net/core/net-sysfs.c. */
async function isWired(root: string, name: string): Promise<boolean> {
    const machine = filesOf(root);
    const uevent = await readText(machine, `/sys/class/net/${name}/uevent`, 4096);
    return uevent !== null && !/^DEVTYPE=/m.test(uevent);
}

function outageChange(outage: Outage): Change {
    const { interface: name, family, missing, gateway = '' } = outage;
    const values = { interface: name, gateway };
    const toChange = (kind: Change['kind'], event: string, summary: string): Change => {
        const facts = { interface: name, family, ...(gateway !== '' && { gateway }) };
        return { time: Date.now() * 1000, kind, event, subject: name, summary, detail: '', facts };
    };
    switch (missing) {
        case 'carrier':
            return toChange(
                'link',
                'no-carrier',
                _('{interface} lost its link, and nothing else is connected', values),
            );
        case 'route':
            return toChange(
                'address',
                'no-route',
                _('{interface} is connected, but there is no route to the internet', values),
            );
        case 'gateway':
            return toChange('network', 'gateway-silent', _('The router {gateway} does not answer', values));
    }
}

function linkChange(name: string): Change {
    return {
        time: Date.now() * 1000,
        kind: 'link',
        event: 'no-carrier',
        subject: name,
        summary: _('The network link {subject} is down', { subject: name }),
        detail: '',
        facts: { interface: name },
    };
}

function answerChange({ interface: name, family, gateway = '' }: Outage): Change {
    return {
        time: Date.now() * 1000,
        kind: 'network',
        event: 'gateway-answers',
        subject: name,
        summary: _('The router {gateway} answers again or is no longer needed', { gateway }),
        detail: '',
        facts: { interface: name, family, gateway },
    };
}

/** @throws SourceUnavailable when there is no ip(8) */
async function readNetwork(signal: AbortSignal): Promise<NetworkState> {
    const ip = async (...argv: string[]): Promise<unknown> => {
        const output = await runProgram('ip', ['-json', ...argv], { signal, limit: 4_194_304 });
        if (output === null) throw new SourceUnavailable(_('There is no {program} on this machine', { program: 'ip' }));
        return JSON.parse(output.trim() || '[]');
    };
    const [address, inet, inet6] = await Promise.all([
        ip('address', 'show'),
        ip('-4', 'route', 'show', 'default'),
        ip('-6', 'route', 'show', 'default'),
    ]);
    return parseNetwork({ address, inet, inet6 });
}

/** proc_sys_kernel(5). */
async function bootId(root: string): Promise<string> {
    try {
        return (await readFile(join(root, 'proc/sys/kernel/random/boot_id'), 'utf8')).trim();
    } catch {
        return '';
    }
}

/** The last known state of the network since the computer started, if there is one. */
function remembered(database: Database, boot: string): NetworkState | null {
    const [ofBoot, ...text] = (database.getState(stateKey) ?? '').split('\n');
    if (boot === '' || ofBoot !== boot) return null;
    const { data } = networkState.safeParse(JSON.parse(text.join('\n')));
    return data ?? null;
}

function remember(database: Database, boot: string, state: NetworkState): void {
    database.setState(stateKey, `${boot}\n${JSON.stringify(state)}`);
}
