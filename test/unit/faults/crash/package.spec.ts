import type { Case, Findings } from '../../../../service/diagnosis/playbook.ts';
import type { Run } from '../../../../service/machine/run.ts';
import { familyOf } from '../../../support/faultyComputer.ts';

const findings: Findings = { summary: 'view crashed.', cause: '', evidence: [], facts: {}, fixes: [] };
const dpkg: Run = (program, argv) => {
    if (program !== 'dpkg-query') return Promise.resolve(null);
    const known = argv.includes('/usr/bin/view') ? 'viewer:amd64: /usr/bin/view\n' : '';
    return Promise.resolve(argv[0] === '--show' ? '2.1-3\n' : known);
};

async function name(facts: Record<string, string>, family = 'crash', run = dpkg): Promise<Findings> {
    const of = { incident: { family, facts }, signal: new AbortController().signal } as unknown as Case;
    return (await familyOf(family).enrich?.(of, findings, { machine: null, run })) ?? findings;
}

describe('A crashed program', () => {
    it('is told with its package and version', async () => {
        const { summary, facts } = await name({ executable: '/usr/bin/view' });
        expect(summary).toBe('view crashed. It comes from viewer 2.1-3.');
        expect(facts).toEqual({ package: 'viewer', version: '2.1-3' });
    });

    it('is asked itself only where no package manager knows it', async () => {
        const own = { package: 'systemd', version: '1' };
        expect((await name({ executable: '/usr/bin/view', ...own })).facts.package).toBe('viewer');
        expect((await name({ executable: '/home/alice/view', ...own })).facts.package).toBe('systemd');
    });

    it('is said nothing more of when it is in a sandbox, in no package, or none', async () => {
        const unit = 'app-flatpak-org.example.View-12.scope';
        expect(await name({ executable: '/usr/bin/view', userUnit: unit })).toBe(findings);
        expect(await name({ executable: '/home/alice/view' })).toBe(findings);
        expect(await name({ executable: '/usr/bin/view' }, 'memory')).toBe(findings);
        expect(await name({ executable: '/usr/bin/view' }, 'crash', () => Promise.resolve(null))).toBe(findings);
    });
});
