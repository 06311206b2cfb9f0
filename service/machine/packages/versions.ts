import { release } from 'node:os';

import * as z from 'zod';

import type { Evidence } from '../../model/incident.ts';
import { manager } from '../units/systemd.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import { readText } from '../machine.ts';
import type { Bus, Machine } from '../machine.ts';
import { readProperties } from '../properties.ts';
import type { BusObject } from '../properties.ts';

export type Versions = {
    kernel: string;
    /** PRETTY_NAME of os-release(5). */
    distribution: string | null;
    gnomeShell: string | null;
    systemd: string | null;
    evidence: Evidence[];
};

const text = z.string().transform(raw => safeText(raw, 256));

const shell = { destination: 'org.gnome.Shell', path: '/org/gnome/Shell', interface: 'org.gnome.Shell' };

export async function readVersions(machine: Machine, signal: AbortSignal): Promise<Versions> {
    const evidence: Evidence[] = [];
    const kernelFile = (await readText(machine, '/proc/sys/kernel/osrelease'))?.trim();
    const kernel = safeText(kernelFile ?? release(), 256);
    evidence.push(fact(kernelFile === undefined ? 'system' : 'file', '/proc/sys/kernel/osrelease', kernel));
    const distribution = await readDistribution(machine);
    if (distribution !== null) evidence.push(fact('file', distribution.path, distribution.name));
    const gnomeShell = await askVersion(machine.session, shell, 'ShellVersion', signal);
    if (gnomeShell !== null) evidence.push(fact('system', shell.destination, `ShellVersion ${gnomeShell}`));
    const systemd = await askVersion(machine.system, manager, 'Version', signal);
    if (systemd !== null) evidence.push(fact('systemd', manager.destination, `Version ${systemd}`));
    return { kernel, distribution: distribution?.name ?? null, gnomeShell, systemd, evidence };
}

async function askVersion(
    bus: Bus | null,
    object: BusObject,
    property: string,
    signal: AbortSignal,
): Promise<string | null> {
    const properties = await readProperties(bus, object, signal);
    return text.safeParse(properties?.[property]).data ?? null;
}

/** os-release(5): the file of /etc wins over that of /usr/lib. */
async function readDistribution(machine: Machine): Promise<{ path: string; name: string } | null> {
    for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
        const name = osReleaseField((await readText(machine, path)) ?? '', 'PRETTY_NAME');
        if (name !== null) return { path, name };
    }
    return null;
}

/** A value of os-release(5), which quotes as a shell does. */
export function osReleaseField(file: string, field: string): string | null {
    const raw = new RegExp(`^${field}=(.*)$`, 'm').exec(file)?.[1];
    if (raw === undefined) return null;
    const unquoted = /^(["'])(.*)\1$/.exec(raw)?.[2] ?? raw;
    return safeText(unquoted.replace(/\\(["'$`\\])/g, '$1'), 256);
}
