import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { oldKernelPackages } from '../../machine/packages/oldKernels.ts';
import { defineAction, noParameters } from '../action.ts';
import { programStep } from '../programStep.ts';
import { unattended } from './apt.ts';

/** Removes the kernels that no boot uses any more: all but the running and the newest one; apt-get(8). */
export const packagesRemoveKernels = defineAction({
    name: 'packages.removeKernels',
    parameters: noParameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(remove|delete|uninstall|clean up) (old|unused) (kernels|kernel)',
                    '(remove|delete|uninstall) kernels (that|which) (are|i) [are] (not used|no longer used|unused|old|not needed|no longer needed)',
                ],
                de: [
                    '(entferne|losche|deinstalliere) alte (kernel|kerne)',
                    'alte (kernel|kerne) (entfernen|loschen|deinstallieren)',
                ],
                ar: ['(احذف|أزل) (نوى|أنوية) قديمة'],
            },
            parameters: () => [{}],
        },
    ],
    async plan(_parameters, { machine, signal }) {
        const packages = machine === null ? [] : await oldKernelPackages(machine, signal);
        if (packages.length === 0) throw new ReeveError('InvalidState', _('There are no old kernels to remove'));
        const names = packages.join(', ');
        return {
            title: _('Remove old kernels'),
            steps: [
                {
                    description: _('Remove {names}', { names }),
                    ...programStep('system', ['apt-get', '--assume-yes', 'remove', '--', ...packages], {
                        environment: unattended,
                    }),
                },
            ],
            risk: 'medium',
            riskText: _('The running kernel and the newest one stay. You can no longer choose the others at startup.'),
            undo: null,
            authentication: true,
            preconditions: { 'old kernels': names },
        };
    },
});
