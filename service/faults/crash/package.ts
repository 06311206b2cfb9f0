import { _ } from '../../i18n/i18n.ts';
import { packageOf, versionOf } from '../../machine/packages/packageOf.ts';
import type { Run } from '../../machine/run.ts';
import type { Case, Findings } from '../../diagnosis/playbook.ts';
import { readFacts } from './facts.ts';

/** Adds to the findings about a crashed program which package it came with, in which version. */
export async function namePackage({ incident, signal }: Case, findings: Findings, run: Run): Promise<Findings> {
    const known = readFacts(incident.facts);
    const { executable = '', userUnit = '' } = known;
    // The paths of a Flatpak are those of its sandbox.
    if (userUnit.startsWith('app-flatpak-')) return findings;
    const owner = await packageOf(run, executable, signal);
    // The metadata in a program's file (https://systemd.io/PACKAGE_METADATA_FOR_EXECUTABLE_FILES) is not verified.
    const name = owner ?? known.package;
    const version = owner === null ? known.version : await versionOf(run, owner, signal);
    if (name === undefined || version === undefined || version === null) return findings;
    return {
        ...findings,
        summary: [findings.summary, _('It comes from {name} {version}.', { name, version })].filter(Boolean).join(' '),
        facts: { ...findings.facts, package: name, version },
    };
}
