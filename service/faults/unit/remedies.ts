import type { ActionName } from '../../actions/actions.ts';
import { _ } from '../../i18n/i18n.ts';
import type { UnitKind } from './finding.ts';

/** What can be done about each kind of failure. */
export type UnitRemedy = {
    /** What the playbook can offer; empty where another start must fail the same way. */
    fixes: readonly ActionName[];
    /** The next step of a person, where no fix is possible at the moment. */
    advice: () => string;
};

const restart = ['unit.restart', 'unit.resetAndRestart', 'unit.startDependency'] as const;

const readItsLog = () => _('The evidence has its last messages. Correct what they name, then start it again.');
const lookForUpdate = () => _('Look for an update of its program, and report it to its developers.');

const ofKinds: Readonly<Record<UnitKind, UnitRemedy>> = {
    'missing-executable': {
        fixes: [],
        advice: () => _('Install the package of its program again, or disable the unit if you do not need it.'),
    },
    'not-executable': { fixes: ['file.permissions'], advice: () => _('Install the package of its program again.') },
    setup: {
        fixes: [],
        advice: () => _('Correct the setting of its unit file that the cause names: a user, a folder or a limit.'),
    },
    dependency: { fixes: ['unit.startDependency', 'unit.restart'], advice: () => _('Start the dependency first.') },
    assert: {
        fixes: [],
        advice: () => _('Provide what Assert… in its unit file requires, or disable the unit if you do not need it.'),
    },
    unsupported: { fixes: [], advice: () => _('Disable the unit: this computer has nothing for it to do.') },
    'start-limit': { fixes: ['unit.resetAndRestart', 'unit.startDependency'], advice: readItsLog },
    timeout: { fixes: restart, advice: readItsLog },
    watchdog: { fixes: restart, advice: lookForUpdate },
    'oom-kill': {
        fixes: restart,
        advice: () => _('Close what you do not need, or raise its memory limit, then start it again.'),
    },
    'core-dump': { fixes: restart, advice: lookForUpdate },
    signal: { fixes: restart, advice: readItsLog },
    'exit-code': { fixes: [...restart, 'unit.makeWay', 'program.makeWay', 'unit.reset'], advice: readItsLog },
    protocol: { fixes: restart, advice: readItsLog },
    resources: { fixes: restart, advice: readItsLog },
    failed: { fixes: restart, advice: readItsLog },
};

export const unitRemedies = Object.entries(ofKinds);

/** @param kind a result of systemd that is none of these is like `failed` */
export function unitRemedyOf(kind: string): UnitRemedy {
    return unitRemedies.find(([name]) => name === kind)?.[1] ?? ofKinds.failed;
}
