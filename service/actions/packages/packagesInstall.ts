import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import { debianName, debianPackage } from '../../machine/packages/aptSimulation.ts';
import { isInstalled, summaryOf } from '../../machine/packages/aptSearch.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import { aptStep, describeChanges, simulated, unattended } from './apt.ts';
import { packagesFor, packagesNamed } from './packagesMeant.ts';

const parameters = z.strictObject({ names: z.array(z.string().regex(debianPackage)).min(1).max(16) });

/** Installs packages with what they need, from the sources that are set up; apt-get(8). Nothing is removed for it. */
export const packagesInstall = defineAction({
    name: 'packages.install',
    parameters,
    proposable: ['task'],
    touches: ({ names }) => names.map(name => `package ${name}`),
    wishes: [
        {
            phrases: {
                en: [
                    'install [(program|app|application|package|game)] {name} [(program|app|application|package|game)]',
                    '(download|get me) [(program|app|application|package)] {name}',
                ],
                de: [
                    'installiere [sie] [(programm|anwendung|paket|spiel)] {name}',
                    '[(programm|anwendung|paket|spiel)] {name} installieren',
                ],
                ar: ['(ثبت|نزل|تثبيت) [(برنامج|تطبيق|حزمة)] {name}'],
            },
            parameters: packagesNamed,
        },
        {
            phrases: {
                en: [
                    '(install|get me|find me) [some|something] (program|app|application|tool|software|something) (that|which|to|for) [can] {purpose}',
                ],
                de: [
                    'installiere [sie] (programm|anwendung|etwas) (das|die|womit|zum|um) {purpose}',
                    '(programm|anwendung|etwas) [zum|fur] {purpose} installieren',
                ],
                ar: ['(ثبت|نزل|تثبيت) (برنامج|تطبيق|برنامجا|تطبيقا) {purpose}'],
            },
            parameters: packagesFor,
        },
    ],
    joined: all => ({ names: [...new Set(all.flatMap(({ names }) => names))] }),
    async plan({ names }, { machine, signal }) {
        if (machine === null) throw new ReeveError('InvalidState', _('No known package manager is installed'));
        const there = await Promise.all(names.map(name => isInstalled(machine, name, signal)));
        const known = names.find((_name, index) => there[index] === true);
        if (known !== undefined)
            throw new ReeveError('InvalidState', _('{name} is already installed', { name: known }));
        const argv = ['--no-remove', 'install', '--', ...names];
        const changes = await simulated(machine, argv, signal);
        const { installed, removed } = changes;
        const added = installed.filter(({ from }) => from === null).map(each => each.name);
        const missing = names.find(name => removed.length > 0 || !added.includes(name));
        if (missing !== undefined)
            throw new ReeveError(
                'InvalidState',
                _('There is no package {name} that can be installed', { name: missing }),
            );
        const isOnlyNew = added.length === installed.length && added.every(each => debianName.test(each));
        const others = installed.length - names.length;
        const summaries = await Promise.all(
            names.map(async name => safeText(await summaryOf(machine, name, signal), 200)),
        );
        return {
            title: _('Install {names}', { names: names.join(', ') }),
            explanation: summaries.filter(summary => summary !== '').join('; '),
            steps: [{ description: describeChanges(changes), ...aptStep(argv) }],
            risk: isOnlyNew ? 'low' : 'medium',
            riskText: isOnlyNew
                ? others === 0
                    ? _('Nothing else is installed, and nothing is removed.')
                    : ngettext(
                          '{count} other package is installed with it, and nothing is removed.',
                          '{count} other packages are installed with it, and nothing is removed.',
                          others,
                      )
                : _('Other packages are updated with it. They run their own scripts and may restart their services.'),
            undo: isOnlyNew
                ? {
                      text: _('Removes what was installed, and keeps settings'),
                      steps: [
                          {
                              description: _('Remove {names}', { names: added.join(', ') }),
                              ...programStep('system', ['dpkg', '--remove', ...added], { environment: unattended }),
                          },
                      ],
                  }
                : null,
            authentication: true,
            preconditions: { packages: JSON.stringify(changes) },
        };
    },
    async verify({ names }, { machine, signal }) {
        const there = await Promise.all(
            names.map(async name => machine !== null && (await isInstalled(machine, name, signal))),
        );
        const missing = names.find((_name, index) => there[index] !== true);
        const detail = missing === undefined ? '' : _('{name} is not installed', { name: missing });
        return { gone: missing === undefined, detail };
    },
});
