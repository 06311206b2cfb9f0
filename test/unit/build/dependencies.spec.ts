import { readFileSync } from 'node:fs';

describe('docs/dependencies.md', () => {
    it('has a section for each package, and for no other', () => {
        const about = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
        const packages = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap(kind =>
            Object.keys(about[kind] ?? {}),
        );
        const headings = [...readFileSync('docs/dependencies.md', 'utf8').matchAll(/^### (.+)$/gm)];

        const described = headings.flatMap(([, names]) => names?.split(', ') ?? []);

        expect(described.sort()).toEqual(packages.sort());
    });
});
