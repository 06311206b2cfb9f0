/** What the service and the mechanism that runs as root have to agree on: which plans are for it, and what a plan runs. */
import * as z from 'zod';

import type { ActionName } from '../actions/actions.ts';
import { divided, partsOf, type Change } from '../actions/several.ts';
import { busOf } from '../machine/units/systemd.ts';
import type { Plan, SinglePlan, Step } from '../model/proposal.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import { polkitPrefix } from '../util/names.ts';
import { sha256 } from '../util/sha256.ts';

/** What root does, by the name of polkit's action for it. An administrator's rule can permit or deny each. */
const families = {
    units: [
        'unit.enable',
        'unit.disable',
        'unit.mask',
        'unit.unmask',
        'unit.start',
        'unit.restart',
        'unit.stop',
        'unit.resetAndRestart',
        'unit.startDependency',
        'unit.reset',
        'unit.makeWay',
    ],
    // Its holder may change what a service of root runs with, which nobody who restarts services may.
    unitSettings: ['dropin.set'],
    files: [
        'file.revert',
        'file.permissions',
        'limits.raise',
        'kernel.setting',
        'hosts.add',
        'hosts.remove',
        'fstab.add',
        'fstab.remove',
        'ssh.setting',
    ],
    packages: [
        'packages.complete',
        'packages.configure',
        'packages.revert',
        'packages.install',
        'packages.remove',
        'packages.reinstall',
        'packages.upgrade',
        'packages.upgradeAll',
        'packages.refresh',
        'packages.autoremove',
        'packages.hold',
        'packages.unhold',
        'packages.removeKernels',
        'repository.add',
        'repository.drop',
        'flatpak.remove',
        'flatpak.update',
        'flatpak.repair',
    ],
    storage: [
        'packages.cleanCache',
        'journal.vacuum',
        'storage.free',
        'storage.trim',
        'drive.test',
        'filesystem.check',
        'snapshot.make',
        'filesystem.remount',
    ],
    clock: ['clock.synchronise', 'clock.manual', 'clock.hardware', 'clock.zone'],
    accounts: ['account.readLog', 'account.unlock', 'account.rename'],
    administrators: ['account.kind', 'account.automaticLogin'],
    computer: ['computer.name', 'computer.language'],
    network: ['network.forget', 'network.dns', 'network.mtu', 'firewall.switch', 'firewall.port'],
    firmware: ['firmware.update'],
    printers: ['printer.cancel', 'printer.resume'],
    grants: ['grant.allow'],
} as const satisfies Record<string, readonly ActionName[]>;

/** A sort of change that root makes. */
export type RootFamily = keyof typeof families;

/** The names of polkit's actions. */
export const polkitActions = Object.keys(families).map(polkitAction);

/** The name of polkit's action for a plan; null when the mechanism does not make it. */
export function polkitActionOf(action: string): string | null {
    const [family] = Object.entries(families).find(([, names]) => names.some(name => name === action)) ?? [];
    return family === undefined ? null : polkitAction(family);
}

/** @param family a sort of change, as above */
export function polkitAction(family: string): string {
    return `${polkitPrefix}.${family}`;
}

/** Whether root makes all of a change. */
export function isForRoot(plan: Plan): boolean {
    return partsOf(plan).every(isPartForRoot);
}

/** What root makes of a change, and what others make of it, in the order in which it is made. */
export function dividedForRoot(change: Change): Change[] {
    return divided(change, (one, other) => isPartForRoot(one) === isPartForRoot(other));
}

function isPartForRoot({ action, authentication, steps, undo }: SinglePlan): boolean {
    const all: readonly Step[] = [...steps, ...(undo?.steps ?? [])];
    return authentication && polkitActionOf(action) !== null && all.every(({ call }) => call.bus === busOf.system);
}

/**
 * SHA-256, in hexadecimal, over what a plan runs and its title. The service and the mechanism get the same digest: for a file,
 * it covers the path and the hashes of the contents, and not where each of the two stores them.
 */
export function runDigest({ action, parameters, title, steps, undo }: Plan): string {
    const runs = ({ file, call }: Step) => (file === undefined ? { call } : { file });
    const text = canonicalJson(
        z.json().parse({ action, parameters, title, steps: steps.map(runs), undo: (undo?.steps ?? []).map(runs) }),
    );
    return sha256(text);
}
