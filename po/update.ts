// Brings the translators' files up to date with the sources: npm run translate
// With --check it changes nothing and fails when a file is out of date or incomplete.
//
// The sources are read with TypeScript's own parser: xgettext knows no TypeScript. The rules for faults are read as generate reads them.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { po, type GetTextTranslation, type GetTextTranslations } from 'gettext-parser';
import ts from 'typescript';
import { readRuleFiles } from '../build/faultRules.ts';
import { Code } from '../service/faults/ruleFile.ts';

const folder = dirname(fileURLToPath(import.meta.url));
const root = dirname(folder);
const check = process.argv.includes('--check');

/** A text of the sources: what it says for one, for many if it has such a form, and where it stands. */
type Message = { id: string; plural: string | undefined; places: string[] };

const messages = new Map<string, Message>();
const problems: string[] = [];
/** Languages that the project itself translates into: they must be whole, or a lost text is seen by nobody. */
const kept = new Set(['ar', 'de']);
/** File → how many texts it lacks. No one can be asked to add a text in every other language, so only the extension must be whole. */
const untranslated = new Map<string, number>();

/** The value of an expression of string literals, joined or not; undefined when it is anything else. */
function literal(node: ts.Expression | undefined): string | undefined {
    if (node === undefined) return undefined;
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
        const [left, right] = [literal(node.left), literal(node.right)];
        return left === undefined || right === undefined ? undefined : left + right;
    }
    return undefined;
}

function collect(file: string): void {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
        if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
            const name = node.expression.text;
            if (name === '_' || name === 'N_' || name === 'ngettext') {
                const { line } = source.getLineAndCharacterOfPosition(node.getStart());
                const place = `${relative(root, file)}:${line + 1}`;
                const id = literal(node.arguments[0]);
                const plural = name === 'ngettext' ? literal(node.arguments[1]) : undefined;
                if (id === undefined || (name === 'ngettext' && plural === undefined)) {
                    problems.push(`${place}: ${name}() wants literal text, or translators never see it`);
                } else {
                    add(id, plural, place);
                }
            }
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
}

function add(id: string, plural: string | undefined, place: string): void {
    const known = messages.get(id) ?? { id, plural: undefined, places: [] };
    if (known.plural !== undefined && plural !== undefined && known.plural !== plural)
        problems.push(`${place}: “${id}” has another plural elsewhere (${known.places.join(', ')})`);
    known.plural ??= plural;
    known.places.push(place);
    messages.set(id, known);
}

/** What the rules for faults say, which the service translates when it says it. */
function collectRules(): void {
    for (const [folder, { rules }] of readRuleFiles(root).rules) {
        const texts = rules.flatMap(({ title, cause = [] }) => [title, cause].flat());
        for (const text of texts)
            if (!(text instanceof Code)) add(text, undefined, `service/faults/${folder}/rules.yaml`);
    }
}

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

/** What is wrong with a translation, in words; undefined when nothing is. */
function flaw(message: Message, translation: GetTextTranslation, forms: number): string | undefined {
    const expected = message.plural === undefined ? 1 : forms;
    const texts = translation.msgstr;
    if (texts.length !== expected || texts.some(text => text === '')) return 'is not translated';
    if (translation.comments?.flag?.includes('fuzzy')) return 'is marked as uncertain';
    const allowed = new Set(placeholders(`${message.id} ${message.plural ?? ''}`));
    const foreign = texts.flatMap(placeholders).find(name => !allowed.has(name));
    if (foreign !== undefined) return `has a placeholder that the source has not: ${foreign}`;
    const missing = placeholders(message.id).find(
        name => name !== '{count}' && !texts.every(text => text.includes(name)),
    );
    return missing === undefined ? undefined : `lacks ${missing}`;
}

function update(file: string): void {
    const before = readFileSync(file, 'utf8');
    const table: GetTextTranslations = po.parse(before);
    const known = table.translations[''] ?? {};
    const forms = Number(/nplurals=(\d+)/.exec(table.headers['Plural-Forms'] ?? '')?.[1]);
    if (!(forms > 0)) throw new Error(`${file}: the header Plural-Forms is missing`);
    const updated: Record<string, GetTextTranslation> = known[''] === undefined ? {} : { '': known[''] };
    for (const message of [...messages.values()].sort((a, b) => ((a.places[0] ?? '') < (b.places[0] ?? '') ? -1 : 1))) {
        const old = known[message.id];
        const empty = Array.from({ length: message.plural === undefined ? 1 : forms }, () => '');
        const translation: GetTextTranslation = {
            msgid: message.id,
            ...(message.plural === undefined ? {} : { msgid_plural: message.plural }),
            msgstr: old?.msgstr.length === empty.length ? old.msgstr : empty,
            // Files without lines: a moved line is no change for a translator.
            comments: {
                reference: [...new Set(message.places.map(place => place.replace(/:\d+$/, '')))].join('\n'),
                flag: old?.comments?.flag ?? '',
                translator: old?.comments?.translator ?? '',
                extracted: '',
                previous: '',
            },
        };
        updated[message.id] = translation;
        const mayLack =
            !kept.has(basename(file, '.po')) && !message.places.some(place => place.startsWith('extension/'));
        if (mayLack && translation.msgstr.every(text => text === '')) {
            untranslated.set(file, (untranslated.get(file) ?? 0) + 1);
            continue;
        }
        const wrong = flaw(message, translation, forms);
        if (wrong !== undefined) problems.push(`${relative(root, file)}: “${message.id}” ${wrong}`);
    }
    const after = `${po
        .compile({ ...table, translations: { '': updated } })
        .toString('utf8')
        .trimEnd()}\n`;
    if (after === before) return;
    if (check) problems.push(`${relative(root, file)}: is out of date, run npm run translate`);
    else writeFileSync(file, after);
}

for (const file of globSync(['extension/**/*.ts', 'service/**/*.ts', 'packaging/**/*.ts'], { cwd: root }).sort())
    if (!file.includes('generated') && !file.endsWith('.d.ts')) collect(join(root, file));
collectRules();
for (const file of globSync(join(folder, '*.po')).sort()) update(file);

const shown = 20;
for (const problem of problems.slice(0, shown)) console.error(problem);
if (problems.length > shown) console.error(`… and ${problems.length - shown} more`);
for (const [file, count] of untranslated)
    console.error(`${relative(root, file)} lacks ${count} of ${messages.size} texts`);
const languages = globSync(join(folder, '*.po')).map(file => basename(file, '.po'));
console.error(`${messages.size} texts in ${languages.join(', ')}; ${problems.length} problems`);
process.exit(check && problems.length > 0 ? 1 : 0);
