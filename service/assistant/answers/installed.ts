import { _ } from '../../i18n/i18n.ts';
import { fact } from '../../machine/evidence.ts';
import { isMeant, matchSoftware, readInstalledSoftware } from '../../machine/packages/installedSoftware.ts';
import type { Software } from '../../machine/packages/installedSoftware.ts';
import { readPackageChanges } from '../../machine/packages/packages.ts';
import type { PackageChange } from '../../machine/packages/packages.ts';
import { readPackageUpdates } from '../../machine/packages/packageUpdates.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item } from '../markup.ts';
import { mentions } from '../understanding.ts';

const shown = 5;

/**
 * Whether the software that the question names is installed, in which version, since when, and whether an update is
 * available.
 */
export const installed: Answer = {
    id: 'installed',
    phrases: {
        en: [
            'is {name} installed',
            'do i have {name} [installed]',
            '(which|what) version of {name} [do i have|is installed]',
            '[the] version of {name}',
            'what {name} version [do i have|is installed]',
            'what is the package {name}',
            'when was {name} (updated|installed|upgraded)',
            'when did {name} [last] change',
            'are there updates for {name}',
            'do i need to install {name}',
            'which package is needed for {name}',
        ],
        de: [
            'ist {name} installiert',
            'habe ich {name} [installiert]',
            'welche version von {name} [habe ich|ist installiert]',
            'wann wurde {name} (aktualisiert|installiert)',
            'muss ich {name} installieren',
        ],
        ar: ['هل {name} (مثبت|مثبتة)', '(ما|اي) إصدار [من] {name} [لدي|مثبت]'],
    },
    named: 'must',
    times: 'any',
    examples: () => [_('Is {program} installed?', { program: 'firefox' })],
    async *answer(question) {
        const { machine, signal, format, understanding, cite } = question;
        const name = code(understanding.names.join(' '));
        const { software, managers, evidence } = await readInstalledSoftware(machine, signal);
        if (managers.length === 0) {
            yield `${_('No package manager is available, so I cannot check for {name}.', { name })}\n`;
            return;
        }
        cite(...evidence);
        const found = matchSoftware(software, understanding.names);
        const known = managers.map(code);
        const [best] = found;
        if (best === undefined)
            yield `${_('{name} is not installed, according to {managers}. Software installed in other ways is not listed there.', { name, managers: format.list(known) })}\n`;
        else if (isMeant(best, understanding.names)) yield `${_('{name} is installed.', { name })}\n\n`;
        else yield `${_('Nothing called exactly {name} is installed, but these are:', { name })}\n\n`;
        for (const { name: own, title, version, manager } of found.slice(0, shown)) {
            const values = { name: code(title || own), version: code(version), manager: code(manager) };
            yield item(_('{name}, version {version}, by {manager}', values));
        }
        if (found.length > shown) yield item(_('and {count} more', { count: format.number(found.length - shown) }));
        yield* lastChange(question, found);
        if (found.length > 0 && mentions(understanding, 'update', 'version', 'needed')) yield* update(question, found);
    },
};

async function* lastChange(question: Question, found: readonly Software[]): AsyncGenerator<string, void> {
    const { machine, signal, format, understanding, cite } = question;
    const read = await readPackageChanges(machine, { since: 0 }, signal);
    const names = new Set([understanding.names.join('-'), ...found.slice(0, 1).map(({ name }) => name)]);
    const last = read?.changes.find(({ name }) => names.has(name));
    if (read === null || last === undefined) return;
    cite(read.evidence);
    yield `\n${changeText(last, format.when(last.time))}\n`;
}

function changeText({ name, action, from, to }: PackageChange, when: string): string {
    const values = { name: code(name), from: code(from), to: code(to), when };
    switch (action) {
        case 'installed':
            return _('{name} was installed {when}.', values);
        case 'upgraded':
            return _('{name} was last upgraded {when}, from {from} to {to}.', values);
        case 'removed':
            return _('{name} was removed {when}.', values);
        case 'changed':
            return _('{name} was last installed or upgraded {when}.', values);
    }
}

async function* update({ machine, signal, cite }: Question, found: readonly Software[]): AsyncGenerator<string, void> {
    const read = await readPackageUpdates(machine, signal);
    const names = new Set(found.map(({ name }) => name));
    // dnf(8) prints names with the architecture.
    const newer = read?.updates.find(({ name }) => names.has(name) || names.has(name.replace(/\.\w+$/, '')));
    if (read === null || newer === undefined) return;
    cite(fact('system', read.command, `${newer.name} ${newer.to}`));
    yield `\n${_('An update of {name} to version {version} is available.', { name: code(newer.name), version: code(newer.to) })}\n`;
}
