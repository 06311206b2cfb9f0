// Rules of this repository that no linter knows. Each is a small named function over the tracked files; a rule reports
// `file:line: what is wrong`.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import ts from 'typescript';
import { pretty } from '../../build/generate.ts';
import { nixManifest } from '../../build/nixManifest.ts';
import { remedyCount, remedyTable } from '../../build/remedyTable.ts';
import { families } from '../../service/faults/index.ts';
import { everyRemedy } from '../../service/faults/remedies.ts';
import { busName, rootPath, serviceUnit } from '../../service/util/names.ts';
import { checkCircles, checkLayers } from './layers.ts';

const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
})
    .split('\0')
    .filter(file => file !== '' && existsSync(file));

type Rule = (report: (where: string, what: string) => void) => void;

function eachLine(files: RegExp, visit: (line: string, where: string, file: string) => void): void {
    for (const file of tracked.filter(name => files.test(name) && name !== 'test/static/rules.ts')) {
        const lines = readFileSync(file, 'utf8').split('\n');
        for (const [index, line] of lines.entries()) visit(line, `${file}:${index + 1}`, file);
    }
}

const engines =
    /^service\/(?:detection(?!\/rules\/)|incidents|diagnosis|actions|approval|execution|timeline|audit|sources)\/.*\.ts$/;
const familyNames = new Set(families.map(({ name }) => name));
const kinds = new Set(
    families.flatMap(({ name, rules: of, changes = {} }) =>
        [...of, ...Object.values(changes)].map(({ kind }) => `${name} ${kind}`),
    ),
);

/** Whether a string is the name of a family where it stands: most of these names are ordinary words, too. */
function namesFamily(node: ts.StringLiteral): boolean {
    if (kinds.has(node.text)) return true;
    if (!familyNames.has(node.text)) return false;
    const { parent } = node;
    const of = ts.isBinaryExpression(parent) ? [parent.left, parent.right] : [];
    if (ts.isPropertyAssignment(parent)) of.push(parent.name as ts.Expression);
    if (ts.isCaseClause(parent)) of.push(parent.parent.parent.expression);
    return of.some(side => /\bfamily$/i.test(side.getText()));
}

const remedies = await pretty('docs/remedies.md', remedyTable());
const nixFile = 'packaging/nix/manifest.json';
const forNix = await pretty(nixFile, JSON.stringify(nixManifest()));

const rules: Record<string, Rule> = {
    'every kind of fault has a fix or advice'(report) {
        for (const { family, kind, fixes, advice } of everyRemedy())
            if (fixes.length === 0 && advice === '') report(`service/faults/${family}`, `has neither for ${kind}`);
    },
    'the documents say what can be done about faults as it is'(report) {
        if (readFileSync('docs/remedies.md', 'utf8') !== remedies)
            report('docs/remedies.md', 'is not as `npm run docs` makes it');
        for (const file of ['README.md', 'docs/faults.md'])
            if (!readFileSync(file, 'utf8').replaceAll(/\s+/g, ' ').includes(remedyCount()))
                report(file, `does not say “${remedyCount()}”`);
    },
    'the modules for Nix know the manifest and the settings as they are'(report) {
        if (readFileSync(nixFile, 'utf8') !== forNix) report(nixFile, 'is not as `npm run docs` makes it');
    },
    'no engine names a family'(report) {
        for (const file of tracked.filter(name => engines.test(name))) {
            const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
            const visit = (node: ts.Node): void => {
                const isImport = ts.isStringLiteral(node) && ts.isImportDeclaration(node.parent);
                if (ts.isStringLiteral(node) && (isImport ? node.text.includes('/faults/') : namesFamily(node))) {
                    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
                    report(`${file}:${line + 1}`, isImport ? 'imports a family' : `names the family ${node.text}`);
                }
                ts.forEachChild(node, visit);
            };
            visit(source);
        }
    },
    'only service/dbus/wire.ts knows dbus-next'(report) {
        eachLine(/^(service|test)\/.*\.ts$/, (line, where, file) => {
            if (/from 'dbus-next[/']/.test(line) && file !== 'service/dbus/wire.ts') report(where, 'imports dbus-next');
        });
    },
    'zod is imported as a namespace'(report) {
        // Only then do its unused parts, ten megabytes in the running service, stay out of the bundles.
        eachLine(/\.ts$/, (line, where) => {
            if (/^import .*\{.* from 'zod'/.test(line)) report(where, "is not: import * as z from 'zod'");
        });
    },
    'a name on a bus, of a unit or of polkit is stated once'(report) {
        const stated =
            /['"`](?:org\.reevedesktop\.Reeve1|\/org\/reevedesktop\/Reeve1|reeve(?:-mechanism)?\.service)['"`]/;
        eachLine(/^(service|mechanism|packaging|build)\/.*\.ts$/, (line, where, file) => {
            if (stated.test(line) && file !== 'service/util/names.ts') report(where, 'is for service/util/names.ts');
        });
        // The Shell loads no module of the service.
        const theirs = readFileSync('extension/remote/names.ts', 'utf8');
        for (const [name, value] of Object.entries({ busName, rootPath, unitName: serviceUnit }))
            if (!theirs.includes(`export const ${name} = '${value}';`))
                report('extension/remote/names.ts', `does not say that ${name} is ${value}`);
    },
    'no process runs through a shell'(report) {
        eachLine(/^(service|packaging)\/.*\.ts$/, (line, where) => {
            if (/\bshell:\s*true|\bexecSync\(|(?<!\.)\bexec\(|from 'child_process'/.test(line))
                report(where, 'may run a shell');
        });
    },
    'nothing synchronous and no subprocess in the Shell'(report) {
        eachLine(/^extension\/(?!prefs|generated).*\.ts$/, (line, where) => {
            if (/_sync\(|Subprocess|spawn_command|GLib\.spawn/.test(line))
                report(where, 'blocks the Shell or starts a process');
        });
    },
    'no sudo and no pkexec'(report) {
        // Detection knows programs by their names and starts none.
        eachLine(/^(service(?!\/detection)|extension)\/.*\.ts$/, (line, where) => {
            if (/(?<!signature: )['"`](sudo|pkexec|su)['"`]/.test(line))
                report(where, 'asks for root in a way of its own');
        });
    },
    'branches on the GNOME version live in extension/core/compat.ts'(report) {
        eachLine(/^extension\/.*\.ts$/, (line, where, file) => {
            if (line.includes('PACKAGE_VERSION') && file !== 'extension/core/compat.ts')
                report(where, 'asks for the version');
        });
    },
    'no marks of a merge'(report) {
        eachLine(/\.(ts|mjs|js|sh|css|md|xml|json|po)$/, (line, where) => {
            if (/^(<{7}|>{7}) /.test(line)) report(where, 'is a mark of a merge');
        });
    },
    'no unfinished marks'(report) {
        eachLine(/\.(ts|mjs|js|sh|css)$/, (line, where) => {
            if (/\b(TODO|FIXME|XXX|HACK)\b/.test(line)) report(where, 'is unfinished');
        });
    },
    'no tests left focused'(report) {
        eachLine(/\.spec\.ts$/, (line, where) => {
            if (/^\s*(fit|fdescribe|xit|xdescribe)\(/.test(line)) report(where, 'is focused or switched off');
        });
    },
    'sources carry no generated or binary weight'(report) {
        for (const file of tracked) {
            if (statSync(file).size > 1024 * 1024) report(file, 'is over 1 MiB');
            if (/\.(mo|pot~|gschemas\.compiled)$/.test(file)) report(file, 'is built, not written');
        }
    },
    'only reeve analyze and reeve faults, and the watch of a text when there is one, load service/textAnalysis'(
        report,
    ) {
        const allowed = /^service\/(?:textAnalysis\/|cli\/(?:commands\/(?:analyze|faults)|logInput)\.ts$)/;
        const isLazy = (line: string, file: string) =>
            file === 'service/lifecycle/watched.ts' && line.includes("await import('../textAnalysis/textWatcher.ts')");
        eachLine(/^service\/.*\.ts$/, (line, where, file) => {
            if (/['"][./\w]*\/textAnalysis\//.test(line) && !allowed.test(file) && !isLazy(line, file))
                report(where, 'imports what the service must not hold in memory');
        });
    },
    'docs/security.md names only specs that there are'(report) {
        const specs = tracked.filter(file => /^test\/.*\.spec\.ts$/.test(file));
        const texts = specs.map(file => readFileSync(file, 'utf8').toLowerCase());
        eachLine(/^docs\/security\.md$/, (line, where) => {
            for (const [file] of line.matchAll(/test\/[\w/]+\.spec\.ts/g))
                if (!specs.includes(file)) report(where, `there is no ${file}`);
            for (const words of Array.from(line.matchAll(/--filter "([^"]+)"/g), ([, filter = '']) =>
                filter.split('|'),
            ).flat())
                if (!texts.some(text => text.includes(words))) report(where, `no spec is called “${words}”`);
        });
    },
    'every folder of the service is in docs/architecture.md'(report) {
        const text = readFileSync('docs/architecture.md', 'utf8');
        const folders = new Set(
            tracked.map(file => /^(service\/\w+)\/./.exec(file)?.[1]).filter(folder => folder !== undefined),
        );
        for (const folder of folders) if (!text.includes(`\`${folder}/`)) report(folder, 'is not described');
    },
    'imports follow the layers of the service'(report) {
        checkLayers(tracked, report);
    },
    'no circles of imports'(report) {
        checkCircles(tracked, report);
    },
    'lock file names no download hosts'(report) {
        eachLine(/^package-lock\.json$/, (line, where) => {
            if (line.includes('"resolved": "http')) report(where, 'records a download address');
        });
    },
};

let broken = 0;
for (const [name, rule] of Object.entries(rules)) {
    rule((where, what) => {
        broken += 1;
        console.error(`${where}: ${what} (${name})`);
    });
}
process.exit(broken > 0 ? 1 : 0);
